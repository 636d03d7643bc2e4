/* The interfaces behind media.h: dispatch, and nothing else. */
#include "process/media.h"

G_DEFINE_QUARK (cv_media_error, cv_media_error)

const char *const cv_media_sources[] = { "microphone", "camera", "screen", "screen-audio", NULL };

G_DEFINE_INTERFACE (CvMedia, cv_media, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (CvMediaPool, cv_media_pool, G_TYPE_OBJECT)

static void
add_signal (const char *name, guint n, const GType *types)
{
  g_signal_newv (name, CV_TYPE_MEDIA, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL, G_TYPE_NONE, n, (GType *) types);
}

static void
cv_media_default_init (CvMediaInterface *iface)
{
  add_signal ("state", 3, (const GType[]){ G_TYPE_STRING, G_TYPE_UINT, G_TYPE_STRING });
  add_signal ("slots", 3, (const GType[]){ G_TYPE_STRING, G_TYPE_POINTER, G_TYPE_UINT });
  add_signal ("speakers", 1, (const GType[]){ G_TYPE_STRV });
  add_signal ("layers", 3, (const GType[]){ G_TYPE_STRING, G_TYPE_UINT, G_TYPE_STRV });
  add_signal ("stats", 1, (const GType[]){ G_TYPE_POINTER });
  add_signal ("track", 2, (const GType[]){ G_TYPE_UINT, G_TYPE_POINTER });
  add_signal ("clock", 3, (const GType[]){ G_TYPE_UINT, G_TYPE_INT64, G_TYPE_INT64 });
  add_signal ("recorded", 3, (const GType[]){ G_TYPE_UINT, G_TYPE_STRING, G_TYPE_UINT64 });
  add_signal ("lost", 0, NULL);
  add_signal ("ready", 0, NULL);
  add_signal ("failed", 0, NULL);
}

static void
cv_media_pool_default_init (CvMediaPoolInterface *iface)
{
}

gboolean
cv_media_is_ready (CvMedia *self)
{
  g_return_val_if_fail (CV_IS_MEDIA (self), FALSE);

  return CV_MEDIA_GET_IFACE (self)->is_ready (self);
}

void
cv_media_join_async (CvMedia *self, const char *person, const char *offer, CvMediaMay may, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CV_IS_MEDIA (self));
  g_return_if_fail (person != NULL && offer != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_media_join_async);
  CV_MEDIA_GET_IFACE (self)->join (self, person, offer, may, task);
}

char *
cv_media_join_finish (CvMedia *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cv_media_leave (CvMedia *self, const char *person)
{
  g_return_if_fail (CV_IS_MEDIA (self) && person != NULL);

  CV_MEDIA_GET_IFACE (self)->leave (self, person);
}

void
cv_media_set_may (CvMedia *self, const char *person, CvMediaMay may)
{
  g_return_if_fail (CV_IS_MEDIA (self) && person != NULL);

  CV_MEDIA_GET_IFACE (self)->set_may (self, person, may);
}

void
cv_media_set_view (CvMedia *self, const char *person, const CvMediaTile *tiles, guint n)
{
  g_return_if_fail (CV_IS_MEDIA (self) && person != NULL);
  g_return_if_fail (n <= CV_MEDIA_MAX_TILES);

  CV_MEDIA_GET_IFACE (self)->set_view (self, person, tiles, n);
}

void
cv_media_set_spotlight (CvMedia *self, const char *person)
{
  g_return_if_fail (CV_IS_MEDIA (self));

  CV_MEDIA_GET_IFACE (self)->set_spotlight (self, person);
}

void
cv_media_set_phones (CvMedia *self, int fd)
{
  g_return_if_fail (CV_IS_MEDIA (self) && fd >= 0);

  CV_MEDIA_GET_IFACE (self)->set_phones (self, fd);
}

void
cv_media_add_phone (CvMedia *self, const char *person, guint32 number, CvMediaMay may)
{
  g_return_if_fail (CV_IS_MEDIA (self) && person != NULL && number > 0);

  CV_MEDIA_GET_IFACE (self)->add_phone (self, person, number, may);
}

void
cv_media_record_async (CvMedia *self, const char *person, CvMediaSource source, guint file, int fd,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CV_IS_MEDIA (self) && person != NULL);
  g_return_if_fail (file >= 1 && file <= CV_MEDIA_MAX_FILE && fd >= 0);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_media_record_async);
  CV_MEDIA_GET_IFACE (self)->record (self, person, source, file, fd, task);
}

gboolean
cv_media_record_finish (CvMedia *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cv_media_unrecord_async (CvMedia *self, guint file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CV_IS_MEDIA (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_media_unrecord_async);
  CV_MEDIA_GET_IFACE (self)->unrecord (self, file, task);
}

gint64
cv_media_unrecord_finish (CvMedia *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

void
cv_media_close (CvMedia *self)
{
  g_return_if_fail (CV_IS_MEDIA (self));

  CV_MEDIA_GET_IFACE (self)->close (self);
}

CvMedia *
cv_media_pool_open (CvMediaPool *self, const char *room, const char *meeting, GError **error)
{
  g_return_val_if_fail (CV_IS_MEDIA_POOL (self), NULL);
  g_return_val_if_fail (room != NULL && meeting != NULL, NULL);

  return CV_MEDIA_POOL_GET_IFACE (self)->open (self, room, meeting, error);
}

gboolean
cv_media_pool_has_reserve (CvMediaPool *self)
{
  CvMediaPoolInterface *iface;

  g_return_val_if_fail (CV_IS_MEDIA_POOL (self), FALSE);

  iface = CV_MEDIA_POOL_GET_IFACE (self);
  return iface->has_reserve == NULL || iface->has_reserve (self);
}
