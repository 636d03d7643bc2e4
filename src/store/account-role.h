/* What an account or a key may do; nobody's part in a meeting, which is room/policy.h's. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_ACCOUNT_NOBODY,        /* not signed in */
  CV_ACCOUNT_PRODUCER,      /* has all recordings */
  CV_ACCOUNT_HOST,          /* makes rooms; has those and their recordings */
  CV_ACCOUNT_ADMINISTRATOR, /* has everything */
} CvAccountRole;

/* "producer", "host", "administrator", NULL: the names of all but NOBODY, in that order. */
extern const char *const cv_account_roles[];

/* NULL for NOBODY. */
const char *cv_account_role_get_name (CvAccountRole self);
/* NOBODY for what is no name. */
CvAccountRole cv_account_role_from_name (const char *name);

G_END_DECLS
