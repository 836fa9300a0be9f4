// SPDX-License-Identifier: Apache-2.0
#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <histedit.h>
#include <stdio.h>

/* el_set, el_get and history take variable arguments, which Swift cannot pass. */

typedef char *(*CEditLine_prompt)(EditLine *);
typedef unsigned char (*CEditLine_key)(EditLine *, int);

/*
 * Begins to edit lines of the terminal that is standard input, for an owner that the callbacks ask
 * for. Returns NULL where that is not possible.
 *
 * The interrupt character comes as a key, not as a signal: it shall end the line and not the
 * program.
 */
static inline EditLine *CEditLine_open(void *owner, CEditLine_prompt prompt, CEditLine_key complete,
				       CEditLine_key interrupt)
{
	EditLine *editor = el_init("dropdb", stdin, stdout, stderr);

	if (!editor)
		return 0;
	el_set(editor, EL_CLIENTDATA, owner);
	el_set(editor, EL_PROMPT, prompt);
	el_set(editor, EL_EDITOR, "emacs");
	el_set(editor, EL_SIGNAL, 1);
	/* What the user has bound to keys, in $HOME/.editrc. */
	el_source(editor, 0);
	el_set(editor, EL_ADDFN, "dropdb-complete", "complete a name", complete);
	el_set(editor, EL_ADDFN, "dropdb-interrupt", "leave the statement", interrupt);
	el_set(editor, EL_BIND, "^I", "dropdb-complete", NULL);
	el_set(editor, EL_BIND, "^C", "dropdb-interrupt", NULL);
	el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(editor, EL_SETTY, "-d", "-isig", NULL);
	return editor;
}

static inline void *CEditLine_owner(EditLine *editor)
{
	void *owner = 0;

	el_get(editor, EL_CLIENTDATA, &owner);
	return owner;
}

/* Keeps so many lines for the editor. Returns NULL where there is no memory for them. */
static inline History *CEditLine_open_history(EditLine *editor, int size)
{
	History *lines = history_init();
	HistEvent event;

	if (!lines)
		return 0;
	history(lines, &event, H_SETSIZE, size);
	history(lines, &event, H_SETUNIQUE, 1);
	el_set(editor, EL_HIST, history, lines);
	return lines;
}

static inline int CEditLine_load(History *lines, const char *path)
{
	HistEvent event;

	return history(lines, &event, H_LOAD, path);
}

static inline int CEditLine_save(History *lines, const char *path)
{
	HistEvent event;

	return history(lines, &event, H_SAVE, path);
}

static inline void CEditLine_add(History *lines, const char *line)
{
	HistEvent event;

	history(lines, &event, H_ENTER, line);
}

#endif
