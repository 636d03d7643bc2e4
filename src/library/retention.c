/* Recordings whose time is over: see retention.h. */
#include "library/retention.h"

#include "store/deletions.h"

#define CV_LOG_TOPIC "retention"
#include "base/log.h"

#define ACTOR "retention"

struct _CvRetention {
  CvStore *store;
  CvClock *clock;
  CvDeletion *deletion;
  guint timer;
};

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* what somebody else deleted meanwhile is no failure, and files that do not go have been complained of */
  if (!cv_deletion_finish (CV_DELETION (source), result, &error))
    cv_info (NULL, NULL, "a recording whose time is over was not deleted now: %s", error->message);
}

static void
on_expired_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvDeletion) deletion = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = cv_deletions_list_expired_finish (CV_STORE (source), result, &error);

  if (ids == NULL)
    cv_warning (NULL, NULL, "recordings whose time is over are not known: %s", error->message);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    cv_deletion_run_async (deletion, ids->pdata[i], ACTOR, on_deleted, NULL);
}

static void
check (gpointer user_data)
{
  CvRetention *self = user_data;

  self->timer = cv_clock_after (self->clock, CV_RETENTION_CHECK_MS, check, self);
  cv_deletion_resume (self->deletion);
  cv_deletions_list_expired_async (self->store, cv_clock_wall (self->clock), on_expired_listed,
                                   g_object_ref (self->deletion));
}

CvRetention *
cv_retention_new (CvStore *store, CvClock *clock, CvDeletion *deletion)
{
  CvRetention *self = g_new (CvRetention, 1);

  *self = (CvRetention){ .store = store, .clock = clock, .deletion = deletion };
  check (self);
  return self;
}

void
cv_retention_free (CvRetention *self)
{
  cv_clock_cancel (self->clock, &self->timer);
  g_free (self);
}
