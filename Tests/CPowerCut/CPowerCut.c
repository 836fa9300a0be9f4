// SPDX-License-Identifier: Apache-2.0
#include "CPowerCut.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct file {
	sqlite3_file base;
	/* Owned by SQLite, which keeps it for as long as the file is open; NULL for a temporary
	 * file. */
	const char *name;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs vfs;
static int journal = -1;
static int weakens;
static int64_t changes;
static int64_t last_change = INT64_MAX;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int put(const void *bytes, size_t count)
{
	const char *next = bytes;

	while (count > 0) {
		ssize_t written = write(journal, next, count);

		if (written <= 0)
			return -1;
		next += written;
		count -= (size_t)written;
	}
	return 0;
}

static int note(enum CPowerCut_kind kind, const char *name, int64_t offset, const void *bytes,
		int64_t count)
{
	struct CPowerCut_entry entry = {
		.kind = kind,
		.name = name ? (uint32_t)strlen(name) : 0,
		.offset = offset,
		.count = count,
	};
	int failed;

	pthread_mutex_lock(&lock);
	failed = put(&entry, sizeof(entry)) || (count > 0 && put(bytes, (size_t)count)) ||
		 (name && put(name, entry.name));
	if (kind != CPowerCut_mark && ++changes == last_change)
		raise(SIGKILL);
	pthread_mutex_unlock(&lock);
	return failed ? SQLITE_IOERR : SQLITE_OK;
}

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
	sqlite3_file *inner = real(file);
	int code = inner->pMethods ? inner->pMethods->xClose(inner) : SQLITE_OK;

	sqlite3_free(inner);
	((struct file *)file)->real = NULL;
	return code;
}

static int file_read(sqlite3_file *file, void *buffer, int count, sqlite3_int64 offset)
{
	return real(file)->pMethods->xRead(real(file), buffer, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
	const char *name = ((struct file *)file)->name;
	int code = real(file)->pMethods->xWrite(real(file), bytes, count, offset);

	if (code == SQLITE_OK && name)
		code = note(CPowerCut_write, name, offset, bytes, count);
	return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	const char *name = ((struct file *)file)->name;
	int code = real(file)->pMethods->xTruncate(real(file), size);

	if (code == SQLITE_OK && name)
		code = note(CPowerCut_truncate, name, size, NULL, 0);
	return code;
}

static int file_sync(sqlite3_file *file, int flags)
{
	const char *name = ((struct file *)file)->name;

	/* Nothing is really synced: that would only cost time. */
	(void)flags;
	return name ? note(CPowerCut_sync, name, 0, NULL, 0) : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_check_lock(sqlite3_file *file, int *result)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
	if (operation == SQLITE_FCNTL_PRAGMA && weakens) {
		/* The name and the argument, which SQLite goes on to read itself. */
		char **pragma = argument;

		if (pragma[1] && pragma[2] && pragma[2][0] &&
		    strcasecmp(pragma[1], "synchronous") == 0) {
			pragma[2][0] = '1';
			pragma[2][1] = 0;
		}
	}
	return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_characteristics(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **address)
{
	return real(file)->pMethods->xShmMap(real(file), page, size, extend, address);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/* Version 2: without the methods that map the file into memory, which would write past this. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *actual)
{
	struct file *ours = (struct file *)file;
	int code;

	(void)self;
	ours->base.pMethods = NULL;
	ours->name = name;
	ours->real = sqlite3_malloc(real_vfs->szOsFile);
	if (!ours->real)
		return SQLITE_NOMEM;
	memset(ours->real, 0, (size_t)real_vfs->szOsFile);
	code = real_vfs->xOpen(real_vfs, name, ours->real, flags, actual);
	if (code != SQLITE_OK) {
		sqlite3_free(ours->real);
		ours->real = NULL;
		return code;
	}
	ours->base.pMethods = &methods;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *self, const char *name, int sync)
{
	int code = real_vfs->xDelete(real_vfs, name, 0);

	(void)self;
	(void)sync;
	return code == SQLITE_OK ? note(CPowerCut_remove, name, 0, NULL, 0) : code;
}

int CPowerCut_install(const char *path, int weakens_pragmas)
{
	real_vfs = sqlite3_vfs_find(NULL);
	journal = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (!real_vfs || journal < 0)
		return -1;
	weakens = weakens_pragmas;
	vfs = *real_vfs;
	vfs.zName = "powercut";
	vfs.szOsFile = (int)sizeof(struct file);
	vfs.pNext = NULL;
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK ? 0 : -1;
}

int CPowerCut_promise(int64_t number)
{
	return note(CPowerCut_mark, NULL, number, NULL, 0) == SQLITE_OK ? 0 : -1;
}

int64_t CPowerCut_changes(void)
{
	int64_t count;

	pthread_mutex_lock(&lock);
	count = changes;
	pthread_mutex_unlock(&lock);
	return count;
}

void CPowerCut_kill_after(int64_t count)
{
	pthread_mutex_lock(&lock);
	last_change = count;
	pthread_mutex_unlock(&lock);
}
