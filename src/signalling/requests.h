/* Walks over HTTP/1 requests (RFC 9112) as bytes come in, in pieces of any size, and stops at what two servers could read in
 * two ways. A value; any thread. Keeps no more than the beginning of a line.
 *
 * libsoup 3.2 takes several Hosts, a length beside chunks, chunk sizes like `0x5`, and loses memory over a coding that it
 * does not know. A browser, nginx and curl send nothing that is refused here.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_REQUESTS_START,
  CV_REQUESTS_HEADER,
  CV_REQUESTS_BODY, /* `left` bytes */
  CV_REQUESTS_CHUNK_SIZE,
  CV_REQUESTS_CHUNK,      /* `left` bytes */
  CV_REQUESTS_CHUNK_END,  /* the line end behind it */
  CV_REQUESTS_LAST_CHUNK, /* the empty line behind the last one; trailers are refused */
} CvRequestsState;

#define CV_REQUESTS_MAX_HEAD (32 * 1024)

typedef struct {
  CvRequestsState state;
  char line[64]; /* as much of it as there is room for */
  gsize length;  /* of the line, without its end */
  gboolean cr;   /* the last byte was a CR */
  gsize head;    /* bytes of this head */
  guint hosts;
  guint lengths;
  guint codings;
  guint64 content; /* Content-Length */
  guint64 left;
} CvRequests;

/* Before the first request. */
void cv_requests_init (CvRequests *self);
/* FALSE as soon as a request is refused; the value is then of no more use. */
gboolean cv_requests_feed (CvRequests *self, const guint8 *data, gsize n);

G_END_DECLS
