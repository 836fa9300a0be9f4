// SPDX-License-Identifier: Apache-2.0
#include "CBuild.h"

#ifndef DROPDB_COMMIT
#define DROPDB_COMMIT ""
#endif

const char *CBuild_commit(void)
{
	return DROPDB_COMMIT;
}
