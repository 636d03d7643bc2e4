/* See account-role.h. */
#include "store/account-role.h"

const char *const cv_account_roles[] = { "producer", "host", "administrator", NULL };

const char *
cv_account_role_get_name (CvAccountRole self)
{
  return self == CV_ACCOUNT_NOBODY ? NULL : cv_account_roles[self - 1];
}

CvAccountRole
cv_account_role_from_name (const char *name)
{
  for (guint i = 0; cv_account_roles[i] != NULL; i++)
    if (g_strcmp0 (cv_account_roles[i], name) == 0)
      return (CvAccountRole) (i + 1);
  return CV_ACCOUNT_NOBODY;
}
