/* See summary.h. One table a list says what its entries have, how long that may be, and where it is: reading, writing and letting
 * go follow it. */
#include "summary/summary.h"

#include "base/json.h"

typedef enum { TEXT, LINES, NUMBER, FLAG, CHOICE, TEXTS, COUNTS } Type;

typedef struct {
  const char *name;
  Type type;
  gsize offset;
  guint max; /* characters; of a list, entries */
  const char *const *choices;
} Field;

typedef struct {
  const char *name;
  gsize offset; /* in CvSummary */
  gsize size;   /* of an entry */
  guint max;
  gboolean may_lack; /* null: is not to be told */
  const Field *fields;
} List;

#define MAX_NAME 60
#define MAX_TEXT 4000
#define MAX_TIME G_GINT64_CONSTANT (9007199254740991)
#define MAX_CHOICES 20
#define MAX_CHOICE 300

static const char *const roles[] = { "viewer", "person", "cohost", "host", NULL };
static const char *const devices[] = { "browser", "stream", "phone", NULL };
static const char *const kinds[] = { "text", "heading", "decision", "action", NULL };

#define AT(type, member) G_STRUCT_OFFSET (type, member)

static const Field attendee_fields[] = {
  { "name", TEXT, AT (CvSummaryAttendee, name), MAX_NAME },
  { "role", CHOICE, AT (CvSummaryAttendee, role), 0, roles },
  { "device", CHOICE, AT (CvSummaryAttendee, device), 0, devices },
  { "joined", NUMBER, AT (CvSummaryAttendee, joined) },
  { "left", NUMBER, AT (CvSummaryAttendee, left) },
  { "present", NUMBER, AT (CvSummaryAttendee, present) },
  { NULL },
};
static const Field item_fields[] = {
  { "title", TEXT, AT (CvSummaryItem, title), 200 },
  { "owner", TEXT, AT (CvSummaryItem, owner), MAX_NAME },
  { "minutes", NUMBER, AT (CvSummaryItem, minutes) },
  { "started", NUMBER, AT (CvSummaryItem, started) },
  { "spent", NUMBER, AT (CvSummaryItem, spent) },
  { "done", FLAG, AT (CvSummaryItem, done) },
  { NULL },
};
static const Field block_fields[] = {
  { "kind", CHOICE, AT (CvSummaryBlock, kind), 0, kinds },
  { "text", LINES, AT (CvSummaryBlock, text), MAX_TEXT },
  { "owner", TEXT, AT (CvSummaryBlock, owner), MAX_NAME },
  { "due", TEXT, AT (CvSummaryBlock, due), 10 },
  { NULL },
};
static const Field poll_fields[] = {
  { "question", TEXT, AT (CvSummaryPoll, question), 300 },
  { "choices", COUNTS, AT (CvSummaryPoll, choices), MAX_CHOICES },
  { "multiple", FLAG, AT (CvSummaryPoll, multiple) },
  { "anonymous", FLAG, AT (CvSummaryPoll, anonymous) },
  { "voters", NUMBER, AT (CvSummaryPoll, voters) },
  { "voted", TEXTS, AT (CvSummaryPoll, voted), 2000 },
  { NULL },
};
static const Field message_fields[] = {
  { "at", NUMBER, AT (CvSummaryMessage, at) },
  { "name", TEXT, AT (CvSummaryMessage, name), MAX_NAME },
  { "text", LINES, AT (CvSummaryMessage, text), MAX_TEXT },
  { "reply_name", TEXT, AT (CvSummaryMessage, reply_name), MAX_NAME },
  { "reply_text", TEXT, AT (CvSummaryMessage, reply_text), 200 },
  { "reactions", COUNTS, AT (CvSummaryMessage, reactions), MAX_CHOICES },
  { "edited", FLAG, AT (CvSummaryMessage, edited) },
  { NULL },
};
static const Field caption_fields[] = {
  { "at", NUMBER, AT (CvSummaryCaption, at) },
  { "by", TEXT, AT (CvSummaryCaption, by), MAX_NAME },
  { "text", TEXT, AT (CvSummaryCaption, text), 500 },
  { "lang", TEXT, AT (CvSummaryCaption, lang), 35 },
  { NULL },
};
static const Field document_fields[] = {
  { "id", TEXT, AT (CvSummaryDocument, id), 40 },
  { "name", TEXT, AT (CvSummaryDocument, name), 255 },
  { "media_type", TEXT, AT (CvSummaryDocument, media_type), 255 },
  { "bytes", NUMBER, AT (CvSummaryDocument, bytes) },
  { "sha256", TEXT, AT (CvSummaryDocument, sha256), 64 },
  { "by", TEXT, AT (CvSummaryDocument, by), MAX_NAME },
  { "at", NUMBER, AT (CvSummaryDocument, at) },
  { NULL },
};
static const Field recording_fields[] = {
  { "id", TEXT, AT (CvSummaryRecording, id), 40 },
  { "started", NUMBER, AT (CvSummaryRecording, started) },
  { "ended", NUMBER, AT (CvSummaryRecording, ended) },
  { NULL },
};

#define LIST(member, type, max, may_lack, fields)                                                                      \
  {                                                                                                                    \
#member, AT(CvSummary, member), sizeof(type), max, may_lack, fields                                                \
  }

static const List lists[] = {
  LIST (attendance, CvSummaryAttendee, 5000, TRUE, attendee_fields),
  LIST (agenda, CvSummaryItem, 5000, FALSE, item_fields),
  LIST (minutes, CvSummaryBlock, 5000, FALSE, block_fields),
  LIST (polls, CvSummaryPoll, 5000, FALSE, poll_fields),
  LIST (chat, CvSummaryMessage, 5000, TRUE, message_fields),
  LIST (captions, CvSummaryCaption, 5000, TRUE, caption_fields),
  LIST (documents, CvSummaryDocument, 5000, FALSE, document_fields),
  LIST (recordings, CvSummaryRecording, 5000, FALSE, recording_fields),
};

#define TEXT_AT(entry, field) G_STRUCT_MEMBER (char *, entry, (field)->offset)
#define NUMBER_AT(entry, field) G_STRUCT_MEMBER (gint64, entry, (field)->offset)
#define FLAG_AT(entry, field) G_STRUCT_MEMBER (gboolean, entry, (field)->offset)
#define ARRAY_AT(entry, field) G_STRUCT_MEMBER (GPtrArray *, entry, (field)->offset)
#define LIST_AT(self, list) G_STRUCT_MEMBER (GPtrArray *, self, (list)->offset)

/* ---- life ---- */

static void
count_free (gpointer data)
{
  CvSummaryCount *self = data;

  g_free (self->text);
  g_free (self);
}

static void
entry_free (const List *list, gpointer entry)
{
  for (const Field *field = list->fields; field->name != NULL; field++) {
    if (field->type == TEXT || field->type == LINES || field->type == CHOICE)
      g_free (TEXT_AT (entry, field));
    else if (field->type == TEXTS || field->type == COUNTS)
      g_ptr_array_unref (ARRAY_AT (entry, field));
  }
  g_free (entry);
}

static void
list_free (const List *list, GPtrArray *entries)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    entry_free (list, g_ptr_array_index (entries, i));
  g_clear_pointer (&entries, g_ptr_array_unref);
}

static gpointer
add_entry (const List *list, GPtrArray *entries)
{
  gpointer entry = g_malloc0 (list->size);

  for (const Field *field = list->fields; field->name != NULL; field++)
    if (field->type == TEXTS || field->type == COUNTS)
      ARRAY_AT (entry, field) = g_ptr_array_new_with_free_func (field->type == TEXTS ? g_free : count_free);
  g_ptr_array_add (entries, entry);
  return entry;
}

CvSummary *
cv_summary_new (void)
{
  CvSummary *self = g_new0 (CvSummary, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    LIST_AT (self, &lists[i]) = g_ptr_array_new ();
  return self;
}

void
cv_summary_free (CvSummary *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    list_free (&lists[i], LIST_AT (self, &lists[i]));
  g_free (self->meeting);
  g_free (self->room);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->reason);
  g_free (self);
}

#define ADDER(noun, Type, member, index)                                                                               \
  Type *cv_summary_add_##noun (CvSummary *self)                                                                        \
  {                                                                                                                    \
    return add_entry (&lists[index], self->member);                                                                    \
  }

ADDER (attendee, CvSummaryAttendee, attendance, 0)
ADDER (item, CvSummaryItem, agenda, 1)
ADDER (block, CvSummaryBlock, minutes, 2)
ADDER (poll, CvSummaryPoll, polls, 3)
ADDER (message, CvSummaryMessage, chat, 4)
ADDER (caption, CvSummaryCaption, captions, 5)
ADDER (document, CvSummaryDocument, documents, 6)
ADDER (recording, CvSummaryRecording, recordings, 7)

void
cv_summary_add_count (GPtrArray *counts, const char *text, gint64 count)
{
  CvSummaryCount *self = g_new (CvSummaryCount, 1);

  *self = (CvSummaryCount){ g_strdup (text), count };
  g_ptr_array_add (counts, self);
}

/* ---- reading ---- */

static void
read_counts (CvJsonReader *reader, const Field *field, GPtrArray *counts)
{
  JsonArray *array = cv_json_reader_objects (reader, field->name, field->max);

  for (guint i = 0; array != NULL && i < json_array_get_length (array) && reader->error == NULL; i++) {
    CvJsonReader inner;

    cv_json_reader_init (&inner, json_array_get_object_element (array, i));
    const char *text = cv_json_reader_text (&inner, "text", 1, MAX_CHOICE, FALSE);
    gint64 count = cv_json_reader_int (&inner, "count", 0, G_MAXINT32);
    if (cv_json_reader_finish (&inner, &reader->error))
      cv_summary_add_count (counts, text, count);
  }
}

static void
read_field (CvJsonReader *reader, const Field *field, gpointer entry)
{
  JsonArray *array;
  int choice;

  switch (field->type) {
  case TEXT:
  case LINES:
    TEXT_AT (entry, field) = g_strdup (cv_json_reader_text (reader, field->name, 0, field->max, field->type == LINES));
    break;
  case NUMBER:
    NUMBER_AT (entry, field) = cv_json_reader_int (reader, field->name, 0, MAX_TIME);
    break;
  case FLAG:
    FLAG_AT (entry, field) = cv_json_reader_bool (reader, field->name);
    break;
  case CHOICE:
    choice = cv_json_reader_choice (reader, field->name, field->choices);
    TEXT_AT (entry, field) = g_strdup (choice >= 0 ? field->choices[choice] : NULL);
    break;
  case TEXTS:
    array = cv_json_reader_strings (reader, field->name, field->max, MAX_NAME * 4);
    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
      g_ptr_array_add (ARRAY_AT (entry, field), g_strdup (json_array_get_string_element (array, i)));
    break;
  case COUNTS:
  default:
    read_counts (reader, field, ARRAY_AT (entry, field));
  }
}

static void
read_list (CvJsonReader *reader, const List *list, CvSummary *self)
{
  JsonArray *array;

  if (list->may_lack && cv_json_reader_has (reader, list->name) && cv_json_reader_null (reader, list->name)) {
    g_clear_pointer (&LIST_AT (self, list), g_ptr_array_unref);
    return;
  }
  array = cv_json_reader_objects (reader, list->name, list->max);
  for (guint i = 0; array != NULL && i < json_array_get_length (array) && reader->error == NULL; i++) {
    gpointer entry = add_entry (list, LIST_AT (self, list));
    CvJsonReader inner;

    cv_json_reader_init (&inner, json_array_get_object_element (array, i));
    for (const Field *field = list->fields; field->name != NULL; field++)
      read_field (&inner, field, entry);
    cv_json_reader_finish (&inner, &reader->error);
  }
}

CvSummary *
cv_summary_read (JsonObject *object, GError **error)
{
  g_autoptr (CvSummary) self = cv_summary_new ();
  CvJsonReader reader;

  cv_json_reader_init (&reader, object);
  self->meeting = g_strdup (cv_json_reader_text (&reader, "meeting", 1, 40, FALSE));
  self->room = g_strdup (cv_json_reader_text (&reader, "room", 1, 40, FALSE));
  self->kind = g_strdup (cv_json_reader_text (&reader, "kind", 1, 20, FALSE));
  self->title = g_strdup (cv_json_reader_text (&reader, "title", 0, 120, FALSE));
  self->reason = g_strdup (cv_json_reader_text (&reader, "reason", 0, 20, FALSE));
  self->started = cv_json_reader_int (&reader, "started", 0, MAX_TIME);
  self->ended = cv_json_reader_int (&reader, "ended", 0, MAX_TIME);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    read_list (&reader, &lists[i], self);
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&self) : NULL;
}

CvSummary *
cv_summary_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonObject) object = cv_json_parse_long (text, length, CV_SUMMARY_MAX_BYTES, error);

  return object != NULL ? cv_summary_read (object, error) : NULL;
}

/* ---- writing ---- */

static void
write_array (JsonBuilder *builder, const Field *field, GPtrArray *array)
{
  json_builder_set_member_name (builder, field->name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < array->len; i++) {
    const CvSummaryCount *count = g_ptr_array_index (array, i);

    if (field->type == TEXTS) {
      json_builder_add_string_value (builder, g_ptr_array_index (array, i));
      continue;
    }
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "text", count->text);
    cv_json_add_int (builder, "count", count->count);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
write_entry (JsonBuilder *builder, const List *list, gpointer entry)
{
  json_builder_begin_object (builder);
  for (const Field *field = list->fields; field->name != NULL; field++) {
    if (field->type == NUMBER)
      cv_json_add_int (builder, field->name, NUMBER_AT (entry, field));
    else if (field->type == FLAG)
      cv_json_add_bool (builder, field->name, FLAG_AT (entry, field));
    else if (field->type == TEXTS || field->type == COUNTS)
      write_array (builder, field, ARRAY_AT (entry, field));
    else
      cv_json_add_text (builder, field->name, TEXT_AT (entry, field) != NULL ? TEXT_AT (entry, field) : "");
  }
  json_builder_end_object (builder);
}

JsonNode *
cv_summary_to_json (const CvSummary *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "meeting", self->meeting);
  cv_json_add_text (builder, "room", self->room);
  cv_json_add_text (builder, "kind", self->kind);
  cv_json_add_text (builder, "title", self->title);
  cv_json_add_text (builder, "reason", self->reason);
  cv_json_add_int (builder, "started", self->started);
  cv_json_add_int (builder, "ended", self->ended);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    GPtrArray *entries = LIST_AT (self, &lists[i]);

    json_builder_set_member_name (builder, lists[i].name);
    if (entries == NULL) {
      json_builder_add_null_value (builder);
      continue;
    }
    json_builder_begin_array (builder);
    for (guint k = 0; k < entries->len; k++)
      write_entry (builder, &lists[i], g_ptr_array_index (entries, k));
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
