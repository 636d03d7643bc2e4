/* See model.h. */
#include "model/model.h"

#include <string.h>

G_DEFINE_QUARK (cv_model_error, cv_model_error)

struct _CvModel {
  GPtrArray *objects; /* of CvObject, owned */
  GHashTable *by_id;  /* id → CvObject, both borrowed */
  gint64 clock;
  gsize bytes;
};

CvModel *
cv_model_new (void)
{
  CvModel *self = g_new0 (CvModel, 1);
  self->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_object_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
cv_model_free (CvModel *self)
{
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->objects);
  g_free (self);
}

gint64
cv_model_get_clock (const CvModel *self)
{
  return self->clock;
}

GPtrArray *
cv_model_get_objects (const CvModel *self)
{
  return self->objects;
}

CvObject *
cv_model_find (const CvModel *self, const char *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

gsize
cv_model_get_bytes (const CvModel *self)
{
  return self->bytes;
}

gboolean
cv_model_check (const CvModel *self, const CvOperation *operation, GError **error)
{
  const CvObject *object = cv_model_find (self, operation->object);
  if (object != NULL && cv_object_get_type (object) != operation->type) {
    g_set_error (error, CV_MODEL_ERROR, CV_MODEL_ERROR_TYPE, "%s is of another type", operation->object);
    return FALSE;
  }
  gboolean makes_room = object != NULL && operation->gone;
  gboolean full = self->bytes >= CV_MODEL_MAX_BYTES && !makes_room;
  if (full || (object == NULL && self->objects->len >= CV_MODEL_MAX_OBJECTS)) {
    g_set_error (error, CV_MODEL_ERROR, CV_MODEL_ERROR_LIMIT, "there is too much already");
    return FALSE;
  }
  return TRUE;
}

gboolean
cv_model_apply (CvModel *self, const CvOperation *operation, gboolean *changed, GError **error)
{
  if (!cv_model_check (self, operation, error))
    return FALSE;
  CvObject *object = cv_model_find (self, operation->object);
  if (object == NULL) {
    object = cv_object_new (operation->object, operation->type);
    g_ptr_array_add (self->objects, object);
    g_hash_table_insert (self->by_id, (char *) cv_object_get_id (object), object);
    self->bytes += cv_object_get_bytes (object);
  }
  gsize before = cv_object_get_bytes (object);
  gboolean applied = cv_object_apply (object, operation);
  self->bytes = self->bytes - before + cv_object_get_bytes (object);
  self->clock = MAX (self->clock, operation->clock);
  if (changed != NULL)
    *changed = applied;
  return TRUE;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (cv_object_get_id (*(CvObject *const *) a), cv_object_get_id (*(CvObject *const *) b));
}

char *
cv_model_to_text (const CvModel *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_ptr_array_extend (sorted, self->objects, NULL, NULL);
  g_ptr_array_sort (sorted, compare);
  json_builder_begin_object (builder);
  for (guint i = 0; i < sorted->len; i++) {
    const CvObject *object = g_ptr_array_index (sorted, i);
    json_builder_set_member_name (builder, cv_object_get_id (object));
    cv_object_add (object, builder);
  }
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}
