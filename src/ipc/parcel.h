/* A parcel: one message between conclaved and a child of it, one JSON object on one line, with descriptors if need be.
 *
 *   {"type":"join","id":7,"fds":2,…}   asks, where it has an id; else tells
 *   {"re":7,…}                         answers
 *   {"re":7,"error":"no-codec","text":"…"}
 *
 * A parcel owns what came with it. One thread at a time. Knows no type: who reads the members says which there are.
 */
#pragma once

#include "base/json.h"

G_BEGIN_DECLS

/* bytes of a line without its end */
#define CV_PARCEL_MAX_BYTES (128 * 1024)
#define CV_PARCEL_MAX_FDS 8
/* letters of a type or an error's id: [a-z-]; characters of an error's sentence */
#define CV_PARCEL_MAX_NAME 32
#define CV_PARCEL_MAX_TEXT 500

typedef struct {
  char *type;                 /* NULL: it is an answer */
  gint64 id;                  /* > 0: an answer is wanted, with this as its `re` */
  gint64 re;                  /* > 0: what it answers */
  gsize bytes;                /* of its line */
  char *error;                /* of an answer, NULL: it went well */
  char *text;                 /* the error's sentence for people */
  JsonObject *object;         /* the members besides all those above: for a CvJsonReader */
  int fds[CV_PARCEL_MAX_FDS]; /* as many as the message says that there are; -1: taken, or not there yet */
  guint n_fds;
} CvParcel;

/* Strict; the fds are all -1. Returns: (transfer full), NULL with CV_JSON_ERROR. */
CvParcel *cv_parcel_parse (const char *line, gsize n, GError **error);
/* Closes the descriptors that nobody took. */
void cv_parcel_free (CvParcel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvParcel, cv_parcel_free)

/* The i-th descriptor, which the caller owns from now on; -1 if there is none. */
int cv_parcel_take_fd (CvParcel *self, guint i);

/* A message to be sent: an object that is open, add members to it. Returns: (transfer full). */
JsonBuilder *cv_parcel_build (const char *type);
/* The same for an answer. */
JsonBuilder *cv_parcel_build_answer (gint64 re);
JsonBuilder *cv_parcel_build_error (gint64 re, const char *error, const char *text);
/* Closes the object. `id` and `n_fds` are written where they are > 0. Ends in a newline, which `n` counts.
 * Returns: (transfer full), NULL where it would be too long for the other end. */
char *cv_parcel_finish (JsonBuilder *builder, gint64 id, guint n_fds, gsize *n);

G_END_DECLS
