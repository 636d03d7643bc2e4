/* Where meetings get their media processes from: see pool.h. */
#include "process/pool.h"

struct _CvPool {
  GObject parent_instance;
  CvClock *clock;
  CvPorts *ports;
  CvSpares *spares;
  char *path;
  char **arguments;
  CvChildOptions child;
  GPtrArray *processes; /* of CvMediaProcess that are there, each with a weak reference */
};

static void cv_pool_iface_init (CvMediaPoolInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvPool, cv_pool, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA_POOL, cv_pool_iface_init))

static void
on_process_gone (gpointer user_data, GObject *process)
{
  g_ptr_array_remove_fast (((CvPool *) user_data)->processes, process);
}

static CvMedia *
cv_pool_open (CvMediaPool *pool, const char *room, const char *meeting, GError **error)
{
  CvPool *self = CV_POOL (pool);
  CvMedia *media = cv_media_process_new (G_OBJECT (self), self->ports, self->spares, self->clock, room, meeting, error);

  if (media == NULL)
    return NULL;
  g_ptr_array_add (self->processes, media);
  g_object_weak_ref (G_OBJECT (media), on_process_gone, self);
  return media;
}

static gboolean
cv_pool_has_reserve (CvMediaPool *pool)
{
  return cv_spares_are_well (CV_POOL (pool)->spares);
}

static void
cv_pool_iface_init (CvMediaPoolInterface *iface)
{
  iface->open = cv_pool_open;
  iface->has_reserve = cv_pool_has_reserve;
}

CvPool *
cv_pool_new (const CvPoolOptions *options, GError **error)
{
  g_autoptr (CvPool) self = NULL;

  g_return_val_if_fail (options != NULL && options->path != NULL, NULL);
  g_return_val_if_fail (CV_IS_CLOCK (options->clock), NULL);

  self = g_object_new (CV_TYPE_POOL, NULL);
  self->ports = cv_ports_new (&options->ports, error);
  if (self->ports == NULL)
    return NULL;
  self->clock = g_object_ref (options->clock);
  self->path = g_strdup (options->path);
  self->arguments = g_strdupv ((char **) options->arguments);
  self->child = (CvChildOptions){ .program = "conclave-media",
                                  .path = self->path,
                                  .arguments = (const char *const *) self->arguments,
                                  .niceness = options->niceness,
                                  .memory_mib = CV_MEDIA_PROCESS_MEMORY_MIB };
  self->spares = cv_spares_new (&self->child, options->warm_spares, self->clock);
  return g_steal_pointer (&self);
}

guint
cv_pool_count_ready (CvPool *self)
{
  g_return_val_if_fail (CV_IS_POOL (self), 0);

  return cv_spares_count_ready (self->spares);
}

void
cv_pool_measure (CvPool *self, CvPoolLoad *load)
{
  g_return_if_fail (CV_IS_POOL (self));

  *load = (CvPoolLoad){ 0 };
  for (guint i = 0; i < self->processes->len; i++) {
    CvMediaLoad one;

    cv_media_process_get_load (self->processes->pdata[i], &one);
    load->processes += one.alive ? 1 : 0;
    load->sum.cpu += one.cpu;
    load->sum.rss += one.rss;
    load->sum.people += one.people;
    load->sum.up += one.up;
    load->sum.down += one.down;
    load->sum.up_loss += one.up_loss;
    load->sum.down_loss += one.down_loss;
  }
}

void
cv_pool_stop (CvPool *self)
{
  g_return_if_fail (CV_IS_POOL (self));

  for (guint i = 0; i < self->processes->len; i++)
    cv_media_close (self->processes->pdata[i]);
  if (self->spares != NULL)
    cv_spares_stop (self->spares);
}

static void
cv_pool_dispose (GObject *object)
{
  cv_pool_stop (CV_POOL (object));
  G_OBJECT_CLASS (cv_pool_parent_class)->dispose (object);
}

static void
cv_pool_finalize (GObject *object)
{
  CvPool *self = CV_POOL (object);

  /* one that is just going may hold us last */
  for (guint i = 0; i < self->processes->len; i++)
    g_object_weak_unref (self->processes->pdata[i], on_process_gone, self);
  g_ptr_array_unref (self->processes);
  g_clear_object (&self->spares);
  g_clear_pointer (&self->ports, cv_ports_free);
  g_clear_object (&self->clock);
  g_strfreev (self->arguments);
  g_free (self->path);
  G_OBJECT_CLASS (cv_pool_parent_class)->finalize (object);
}

static void
cv_pool_class_init (CvPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_pool_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_pool_finalize;
}

static void
cv_pool_init (CvPool *self)
{
  self->processes = g_ptr_array_new ();
}
