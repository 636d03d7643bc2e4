/* Strict, typed reading of JSON that came from the network, and short writing.
 *
 * Owns nothing. Any thread. Knows no message: who reads says which members there are.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_JSON_ERROR (cv_json_error_quark ())
GQuark cv_json_error_quark (void);

typedef enum {
  CV_JSON_ERROR_SYNTAX, /* not JSON, not UTF-8, or an object with a member twice */
  CV_JSON_ERROR_LIMIT,  /* longer or deeper than allowed */
  CV_JSON_ERROR_MEMBER, /* a member is missing, unknown, of a wrong type or out of bounds */
} CvJsonError;

/* bytes; levels of nesting, the outermost object being 1 */
#define CV_JSON_MAX_BYTES (64 * 1024)
#define CV_JSON_MAX_DEPTH 16
/* of one object; of one that no CvJsonReader reads */
#define CV_JSON_MAX_MEMBERS 64
#define CV_JSON_MAX_FOREIGN_MEMBERS 1000
/* a value of any kind for so many bytes of the length that is allowed: trees cost far more than their text */
#define CV_JSON_BYTES_PER_VALUE 16

/* Parses one object of at most CV_JSON_MAX_BYTES and CV_JSON_MAX_DEPTH by the letter of RFC 8259, and stricter: no member
 * twice, no U+0000, no lone surrogate, whole numbers fit gint64 and others a double. `text` need not end in NUL.
 * Returns: (transfer full), NULL with CV_JSON_ERROR. */
JsonObject *cv_json_parse (const char *text, gsize length, GError **error);
/* The same with another limit of length, for answers of a server that one trusts. */
JsonObject *cv_json_parse_long (const char *text, gsize length, gsize max_bytes, GError **error);
/* The same with as many members as other people's formats have: for no CvJsonReader, which knows CV_JSON_MAX_MEMBERS. */
JsonObject *cv_json_parse_foreign (const char *text, gsize length, gsize max_bytes, GError **error);

/* Reads one object's members; the first error sticks, later reads then return 0/FALSE/NULL. Every read member is ticked
 * off: cv_json_reader_finish() fails on what is left, so unknown members are errors. */
typedef struct {
  JsonObject *object; /* borrowed */
  guint64 seen;       /* a bit for each member read, in the object's own order */
  GError *error;
} CvJsonReader;

void cv_json_reader_init (CvJsonReader *self, JsonObject *object);

/* Strings are borrowed from the object. Bounds are in characters, inclusive. Refuses control characters except, where
 * `lines` is set, newline and tab; refuses bidi overrides and isolates (U+202A–E, U+2066–9). */
const char *cv_json_reader_text (CvJsonReader *self, const char *name, guint min, guint max, gboolean lines);
/* `[a-z2-9]` after `prefix` (may be ""), `n` of them: an id as PROTOCOL.md says. */
const char *cv_json_reader_id (CvJsonReader *self, const char *name, const char *prefix, guint n);
/* A base64url string that decodes to exactly `n` bytes, written to `out`. */
gboolean cv_json_reader_bytes (CvJsonReader *self, const char *name, guint8 *out, gsize n);
/* A base64url string (only its alphabet is checked) of 1 … `max` characters; borrowed. */
const char *cv_json_reader_base64url (CvJsonReader *self, const char *name, gsize max);
/* A string of 1 … `max` printable ASCII characters, tabs and line ends (CR, LF): another protocol's text; borrowed. */
const char *cv_json_reader_ascii (CvJsonReader *self, const char *name, gsize max);
/* Which of `choices` (ending in NULL) the string is, or -1. */
int cv_json_reader_choice (CvJsonReader *self, const char *name, const char *const *choices);
/* An array of at most `max` objects, each for a reader of its own; borrowed. */
JsonArray *cv_json_reader_objects (CvJsonReader *self, const char *name, guint max);
/* An object, for a reader of its own; borrowed. */
JsonObject *cv_json_reader_object (CvJsonReader *self, const char *name);
/* An array of at most `max` strings of 0 … `max_bytes` without control characters; borrowed. */
JsonArray *cv_json_reader_strings (CvJsonReader *self, const char *name, guint max, gsize max_bytes);
/* An array of at most `n` whole numbers 0 … `max`; borrowed. */
JsonArray *cv_json_reader_ints (CvJsonReader *self, const char *name, guint n, gint64 max);
/* TRUE where the member is null, which ticks it off. */
gboolean cv_json_reader_null (CvJsonReader *self, const char *name);
gint64 cv_json_reader_int (CvJsonReader *self, const char *name, gint64 min, gint64 max);
/* Any number, whole or not. */
double cv_json_reader_number (CvJsonReader *self, const char *name, double min, double max);
gboolean cv_json_reader_bool (CvJsonReader *self, const char *name);
/* TRUE if the member exists; does not tick it off. */
gboolean cv_json_reader_has (CvJsonReader *self, const char *name);
/* FALSE with the first error (CV_JSON_ERROR_MEMBER) where there was one or a member was not read. Clears the reader. */
gboolean cv_json_reader_finish (CvJsonReader *self, GError **error);

/* Compact text of an object or array node. Returns: (transfer full). */
char *cv_json_to_text (JsonNode *node, gsize *length);
/* The same for a builder that is complete, which it then resets. */
char *cv_json_builder_to_text (JsonBuilder *builder, gsize *length);

/* Builder shorthands: a member with a value in one call. NULL text gives a JSON null. */
void cv_json_add_text (JsonBuilder *builder, const char *name, const char *text);
void cv_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
void cv_json_add_double (JsonBuilder *builder, const char *name, double value);
void cv_json_add_bool (JsonBuilder *builder, const char *name, gboolean value);

G_END_DECLS
