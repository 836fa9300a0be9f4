// SPDX-License-Identifier: Apache-2.0
#ifndef CBUILD_H
#define CBUILD_H

/* The commit that was built; empty where the build was not told. Swift has no constants from outside. */
const char *CBuild_commit(void);

#endif
