/* See sharing.h. */
#include "room/sharing.h"

#include "room/ballots.h"

#include <string.h>

G_DEFINE_QUARK (cv_sharing_error, cv_sharing_error)

/* how polls go is told this often */
#define VOTES_MS 500

struct _CvSharing {
  GObject parent_instance;
  CvClock *clock;
  const CvPolicy *policy;
  CvModel *model;
  CvBallots *ballots;
  GHashTable *voted; /* set of ids: polls with votes that were not published */
  guint voted_timer;
  gint64 last_at; /* no two things are made at the same time */
};

enum { SHARED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvSharing, cv_sharing, G_TYPE_OBJECT)

/* One change under way. */
typedef struct {
  const CvParticipant *author;
  GHashTable *made; /* id → type + 1: what its earlier operations make */
  gboolean leads;   /* may use what is reserved */
  guint n_own;      /* things of the author that were there before, and their bytes; not counted of who leads */
  gsize own_bytes;
} Change;

static void
cv_sharing_dispose (GObject *object)
{
  CvSharing *self = CV_SHARING (object);
  if (self->clock != NULL)
    cv_clock_cancel (self->clock, &self->voted_timer);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_sharing_parent_class)->dispose (object);
}

static void
cv_sharing_finalize (GObject *object)
{
  CvSharing *self = CV_SHARING (object);
  cv_model_free (self->model);
  cv_ballots_free (self->ballots);
  g_hash_table_unref (self->voted);
  G_OBJECT_CLASS (cv_sharing_parent_class)->finalize (object);
}

static void
cv_sharing_class_init (CvSharingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_sharing_dispose;
  object_class->finalize = cv_sharing_finalize;
  signals[SHARED] = g_signal_new ("shared", CV_TYPE_SHARING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                  G_TYPE_POINTER, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
cv_sharing_init (CvSharing *self)
{
  self->model = cv_model_new ();
  self->ballots = cv_ballots_new ();
  self->voted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CvSharing *
cv_sharing_new (const CvPolicy *policy, CvClock *clock)
{
  CvSharing *self = g_object_new (CV_TYPE_SHARING, NULL);
  self->policy = policy;
  self->clock = g_object_ref (clock);
  return self;
}

const CvModel *
cv_sharing_get_model (CvSharing *self)
{
  return self->model;
}

/* ---- who may ---- */

static gboolean
fail (GError **error, CvSharingError code, const char *what)
{
  g_set_error_literal (error, CV_SHARING_ERROR, code, what);
  return FALSE;
}

static gboolean
is_own (const CvObject *object, const CvParticipant *person)
{
  if (cv_object_is_of (object, person->id))
    return TRUE;
  for (guint i = 0; person->formerly != NULL && i < person->formerly->len; i++)
    if (cv_object_is_of (object, g_ptr_array_index (person->formerly, i)))
      return TRUE;
  return FALSE;
}

static gboolean
may (const CvSharing *self, const CvParticipant *person, CvModelType type, CvRight right)
{
  return cv_policy_may_share (self->policy, person->role, type, right);
}

static gboolean
has_needed (const CvOperation *operation)
{
  const CvModelSchema *schema = cv_model_schema_get (operation->type);
  for (guint i = 0; i < schema->n_fields; i++)
    if (schema->fields[i].needed && cv_operation_get (operation, schema->fields[i].name) == NULL)
      return FALSE;
  return TRUE;
}

/* One person, one message, one sign: one object. */
static gboolean
is_named_right (const CvOperation *operation)
{
  if (operation->type != CV_MODEL_REACTION)
    return TRUE;
  const char *message = json_node_get_string (cv_operation_get (operation, "message"));
  const char *sign = json_node_get_string (cv_operation_get (operation, "sign"));
  g_autofree char *id = g_strdup_printf ("%s-%s-%s", operation->actor, message, sign);
  return g_str_equal (operation->object, id);
}

static gboolean
may_create (const CvSharing *self, const Change *change, const CvOperation *operation, GError **error)
{
  if (!may (self, change->author, operation->type, CV_RIGHT_CREATE) || operation->gone)
    return fail (error, CV_SHARING_ERROR_NOT_ALLOWED, "may not make this");
  if (!has_needed (operation) || !is_named_right (operation))
    return fail (error, CV_SHARING_ERROR_BAD, "something is missing");
  return TRUE;
}

/* What was set once may be said again, as who has lost an answer does. */
static gboolean
changes_fixed (const CvObject *object, const CvOperation *operation)
{
  const CvModelSchema *schema = cv_model_schema_get (operation->type);
  for (guint i = 0; i < operation->assignments->len; i++) {
    const CvAssignment *assignment = &g_array_index (operation->assignments, CvAssignment, i);
    const CvField *field = &schema->fields[assignment->field];
    JsonNode *value = cv_object_get (object, field->name);
    if (field->fixed && (value == NULL || !json_node_equal (value, assignment->value)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
may_change (const CvSharing *self, const Change *change, const CvObject *object, const CvOperation *operation,
            GError **error)
{
  const CvRight right = operation->gone ? CV_RIGHT_REMOVE : CV_RIGHT_ANY;
  if (cv_object_is_gone (object))
    return TRUE; /* whoever did not know it yet; nothing happens */
  gboolean own = is_own (object, change->author) && may (self, change->author, operation->type, CV_RIGHT_OWN);
  if (!own && !may (self, change->author, operation->type, right))
    return fail (error, CV_SHARING_ERROR_NOT_ALLOWED, "may not change this");
  if (!operation->gone && changes_fixed (object, operation))
    return fail (error, CV_SHARING_ERROR_NOT_ALLOWED, "this is never changed");
  return TRUE;
}

static gboolean
has_stamped (const CvOperation *operation)
{
  const CvModelSchema *schema = cv_model_schema_get (operation->type);
  for (guint i = 0; i < operation->assignments->len; i++)
    if (schema->fields[g_array_index (operation->assignments, CvAssignment, i).field].stamped)
      return TRUE;
  return FALSE;
}

static void
count_own (const CvSharing *self, Change *change)
{
  const GPtrArray *objects = cv_model_get_objects (self->model);
  for (guint i = 0; i < objects->len; i++) {
    const CvObject *object = objects->pdata[i];
    if (!is_own (object, change->author))
      continue;
    change->n_own++;
    change->own_bytes += cv_object_get_bytes (object);
  }
}

/* Who leads can always write something down, and nobody takes all the room there is from the others. `n`: things that there will be. */
static gboolean
leaves_room (const CvSharing *self, const Change *change, gboolean makes, guint n)
{
  if (change->leads)
    return !makes || n <= CV_MODEL_MAX_OBJECTS;
  guint n_own = change->n_own + g_hash_table_size (change->made) + makes;
  return cv_model_get_bytes (self->model) < CV_MODEL_MAX_BYTES - CV_SHARING_RESERVED_BYTES &&
         change->own_bytes < CV_SHARING_MAX_BYTES_OF_ONE &&
         (!makes ||
          (n <= CV_MODEL_MAX_OBJECTS - CV_SHARING_RESERVED_OBJECTS && n_own <= CV_SHARING_MAX_OBJECTS_OF_ONE));
}

/* The model's own limits, where `made` things are there already. */
static gboolean
check_room (const CvSharing *self, const Change *change, const CvOperation *operation, GError **error)
{
  g_autoptr (GError) limit = NULL;
  gboolean makes = cv_model_find (self->model, operation->object) == NULL;
  guint n = cv_model_get_objects (self->model)->len + g_hash_table_size (change->made) + makes;
  if (!cv_model_check (self->model, operation, &limit))
    return fail (error,
                 g_error_matches (limit, CV_MODEL_ERROR, CV_MODEL_ERROR_TYPE) ? CV_SHARING_ERROR_BAD
                                                                              : CV_SHARING_ERROR_LIMIT,
                 limit->message);
  if (!operation->gone && !leaves_room (self, change, makes, n))
    return fail (error, CV_SHARING_ERROR_LIMIT, "there is too much already");
  return TRUE;
}

static gboolean
check (const CvSharing *self, Change *change, const CvOperation *operation, GError **error)
{
  const CvObject *object = cv_model_find (self->model, operation->object);
  guint made = GPOINTER_TO_UINT (g_hash_table_lookup (change->made, operation->object));
  if (!g_str_equal (operation->actor, change->author->id) ||
      operation->clock > cv_model_get_clock (self->model) + CV_MODEL_MAX_AHEAD)
    return fail (error, CV_SHARING_ERROR_BAD, "another's, or from the future");
  if (has_stamped (operation))
    return fail (error, CV_SHARING_ERROR_NOT_ALLOWED, "only the server says that");
  if (made != 0)
    return made == operation->type + 1u || fail (error, CV_SHARING_ERROR_BAD, "of another type");
  if (!check_room (self, change, operation, error))
    return FALSE;
  if (object != NULL)
    return may_change (self, change, object, operation, error);
  if (!may_create (self, change, operation, error))
    return FALSE;
  g_hash_table_insert (change->made, operation->object, GUINT_TO_POINTER (operation->type + 1u));
  return TRUE;
}

/* ---- what the server says of it ---- */

static gboolean
has_field (CvModelType type, const char *name)
{
  return cv_model_schema_find_field (type, name) >= 0;
}

/* Of something new: by whom and when. */
static void
stamp_new (CvSharing *self, CvOperation *stamp, const CvParticipant *author, gint64 now)
{
  const CvModelSchema *schema = cv_model_schema_get (stamp->type);
  if (schema->owner != NULL)
    cv_operation_set_text (stamp, schema->owner, author->id);
  if (has_field (stamp->type, "name"))
    cv_operation_set_text (stamp, "name", author->name);
  if (has_field (stamp->type, "at")) {
    self->last_at = MAX (now, self->last_at + 1);
    cv_operation_set_int (stamp, "at", self->last_at);
  }
  if (has_field (stamp->type, "edited"))
    cv_operation_set_bool (stamp, "edited", FALSE);
}

static void
add_counts (const CvSharing *self, const CvObject *poll, CvOperation *stamp)
{
  guint counts[CV_BALLOTS_MAX_CHOICES];
  JsonNode *choices = cv_object_get (poll, "choices");
  guint n = choices != NULL ? json_array_get_length (json_node_get_array (choices)) : 0;
  guint voters = cv_ballots_count (self->ballots, cv_object_get_id (poll), counts, MIN (n, CV_BALLOTS_MAX_CHOICES));
  g_autoptr (JsonArray) array = json_array_new ();
  for (guint i = 0; i < n; i++)
    json_array_add_int_element (array, counts[i]);
  cv_operation_set (stamp, "counts", json_node_init_array (json_node_alloc (), array));
  cv_operation_set_int (stamp, "voters", voters);
}

/* While it is open, and in anonymous ones, nobody learns who has voted. */
static void
add_voted (const CvSharing *self, const CvObject *poll, CvOperation *stamp)
{
  gboolean told = !cv_object_get_bool (poll, "open") && !cv_object_get_bool (poll, "anonymous");
  g_autoptr (GPtrArray) names = cv_ballots_list_names (self->ballots, cv_object_get_id (poll));
  g_autoptr (JsonArray) array = json_array_new ();
  int field = cv_model_schema_find_field (CV_MODEL_POLL, "voted");
  guint most = cv_model_schema_get (CV_MODEL_POLL)->fields[field].items;
  for (guint i = 0; told && i < MIN (names->len, most); i++)
    json_array_add_string_element (array, g_ptr_array_index (names, i));
  cv_operation_set (stamp, "voted", json_node_init_array (json_node_alloc (), array));
}

/* With the clock of what it belongs to: the server is a larger actor than people are. */
static void
stamp (CvSharing *self, const CvParticipant *author, const CvOperation *operation, gboolean is_new, gint64 now,
       GPtrArray *stamps)
{
  const CvObject *object = cv_model_find (self->model, operation->object);
  g_autoptr (CvOperation) own =
    cv_operation_new (operation->object, operation->type, operation->clock, CV_SHARING_SERVER);
  if (is_new)
    stamp_new (self, own, author, now);
  else if (operation->type == CV_MODEL_MESSAGE && cv_operation_get (operation, "text") != NULL)
    cv_operation_set_bool (own, "edited", TRUE);
  if (operation->type == CV_MODEL_POLL && (is_new || cv_operation_get (operation, "open") != NULL)) {
    add_counts (self, object, own);
    add_voted (self, object, own);
  }
  if (own->assignments->len == 0)
    return;
  cv_model_apply (self->model, own, NULL, NULL);
  g_ptr_array_add (stamps, g_steal_pointer (&own));
}

static GPtrArray *
make_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
}

gboolean
cv_sharing_change (CvSharing *self, CvParticipant *author, GPtrArray *ops, GError **error)
{
  g_autoptr (GHashTable) made = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) stamps = make_list ();
  const gint64 now = cv_clock_wall (self->clock);
  Change change = { .author = author, .made = made, .leads = author->role >= CV_ROLE_COHOST };
  if (!change.leads)
    count_own (self, &change);
  for (guint i = 0; i < ops->len; i++)
    if (!check (self, &change, g_ptr_array_index (ops, i), error))
      return FALSE;
  for (guint i = 0; i < ops->len; i++) {
    const CvOperation *operation = g_ptr_array_index (ops, i);
    gboolean is_new = cv_model_find (self->model, operation->object) == NULL;
    gboolean changed = FALSE;
    if (cv_model_apply (self->model, operation, &changed, NULL) && changed && !operation->gone)
      stamp (self, author, operation, is_new, now, stamps);
  }
  g_signal_emit (self, signals[SHARED], 0, ops, stamps, author);
  return TRUE;
}

/* Applies it; it is not told yet. */
static gboolean
put (CvSharing *self, CvOperation *operation, GError **error)
{
  g_autoptr (GError) reason = NULL;
  operation->clock = cv_model_get_clock (self->model) + 1;
  if (cv_model_apply (self->model, operation, NULL, &reason))
    return TRUE;
  gboolean limit = g_error_matches (reason, CV_MODEL_ERROR, CV_MODEL_ERROR_LIMIT);
  return fail (error, limit ? CV_SHARING_ERROR_LIMIT : CV_SHARING_ERROR_BAD, reason->message);
}

gboolean
cv_sharing_put (CvSharing *self, CvOperation *operation, GError **error)
{
  g_autoptr (GPtrArray) ops = make_list ();
  g_autoptr (GPtrArray) stamps = make_list ();
  g_ptr_array_add (ops, operation);
  if (!put (self, operation, error))
    return FALSE;
  g_signal_emit (self, signals[SHARED], 0, ops, stamps, NULL);
  return TRUE;
}

/* ---- polls ---- */

/* The first one of their seats: with another one they are still the same. */
static const char *
get_voter (const CvParticipant *person)
{
  return person->formerly != NULL && person->formerly->len > 0 ? g_ptr_array_index (person->formerly, 0) : person->id;
}

static void
on_voted_timeout (gpointer user_data)
{
  CvSharing *self = user_data;
  g_autoptr (GPtrArray) ops = make_list ();
  g_autoptr (GPtrArray) stamps = make_list ();
  GHashTableIter iter;
  gpointer poll = NULL;
  self->voted_timer = 0;
  g_hash_table_iter_init (&iter, self->voted);
  while (g_hash_table_iter_next (&iter, &poll, NULL)) {
    const CvObject *object = cv_model_find (self->model, poll);
    g_autoptr (CvOperation) operation = cv_operation_new (poll, CV_MODEL_POLL, 1, CV_SHARING_SERVER);
    if (object == NULL || cv_object_is_gone (object))
      continue;
    add_counts (self, object, operation);
    if (put (self, operation, NULL))
      g_ptr_array_add (ops, g_steal_pointer (&operation));
  }
  g_hash_table_remove_all (self->voted);
  if (ops->len > 0)
    g_signal_emit (self, signals[SHARED], 0, ops, stamps, NULL);
}

gboolean
cv_sharing_vote (CvSharing *self, const CvParticipant *voter, const char *poll, guint choices, GError **error)
{
  const CvObject *object = cv_model_find (self->model, poll);
  if (object == NULL || cv_object_get_type (object) != CV_MODEL_POLL || cv_object_is_gone (object))
    return fail (error, CV_SHARING_ERROR_MISSING, "no such poll");
  if (!cv_object_get_bool (object, "open"))
    return fail (error, CV_SHARING_ERROR_NOT_ALLOWED, "it is closed");
  guint n = json_array_get_length (json_node_get_array (cv_object_get (object, "choices")));
  gboolean several = (choices & (choices - 1)) != 0;
  if (choices >> n != 0 || (several && !cv_object_get_bool (object, "multiple")))
    return fail (error, CV_SHARING_ERROR_BAD, "no such choice, or too many");
  if (!cv_ballots_vote (self->ballots, poll, get_voter (voter), voter->name, choices))
    return fail (error, CV_SHARING_ERROR_LIMIT, "too many voters");
  g_hash_table_add (self->voted, g_strdup (poll));
  if (self->voted_timer == 0)
    self->voted_timer = cv_clock_after (self->clock, VOTES_MS, on_voted_timeout, self);
  return TRUE;
}

guint
cv_sharing_get_vote (CvSharing *self, const CvParticipant *voter, const char *poll)
{
  return cv_ballots_get (self->ballots, poll, get_voter (voter));
}

GPtrArray *
cv_sharing_list_polls (CvSharing *self)
{
  return cv_ballots_list (self->ballots);
}
