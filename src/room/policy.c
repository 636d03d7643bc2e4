/* The list of kinds. What each is, its own file says. */
#include "room/policy.h"

static const CvPolicy *const all[] = {
  &cv_policy_standard, &cv_policy_otr, &cv_policy_boardroom, &cv_policy_classroom, NULL,
};

const char *
cv_role_to_text (CvRole role)
{
  static const char *const texts[] = { "nobody", "viewer", "person", "cohost", "host" };
  return texts[role];
}

const CvPolicy *const *
cv_policy_all (void)
{
  return all;
}

gboolean
cv_policy_may (const CvPolicy *self, CvRole role, CvAction action)
{
  CvRole least = self->least[action];
  return least != CV_ROLE_NOBODY && role >= least;
}

const char *const cv_rights[] = { "create", "own", "any", "remove", NULL };

gboolean
cv_policy_may_share (const CvPolicy *self, CvRole role, CvModelType type, CvRight right)
{
  CvRole least = self->shares[type][right];
  return least != CV_ROLE_NOBODY && role >= least;
}

/* Whoever is in may at least leave. */
gboolean
cv_policy_has (const CvPolicy *self, CvRole role)
{
  return cv_policy_may (self, role, CV_ACTION_LEAVE);
}

const CvPolicy *
cv_policy_find (const char *kind)
{
  for (guint i = 0; all[i] != NULL; i++)
    if (g_strcmp0 (all[i]->kind, kind) == 0)
      return all[i];
  return NULL;
}
