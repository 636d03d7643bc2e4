/* Documents: files that people share in meetings, from their first byte to their last day.
 *
 * Owns what is under way. Main thread; threads of GLib's pool touch files and what their task carries. What a crash interrupts is
 * taken up again at the start: what was being deleted goes, what was whole is looked at again, what was being uploaded waits for
 * its sender for a day. Knows neither who may do this nor how bytes come in.
 *
 * Signals:
 *   ready (CvDocumentRow *)   whole, and nothing is wrong with it
 *   gone  (CvDocumentRow *)   it is being deleted, and was ready
 */
#pragma once

#include "base/clock.h"
#include "store/documents.h"

G_BEGIN_DECLS

#define CV_CABINET_ERROR (cv_cabinet_error_quark ())
GQuark cv_cabinet_error_quark (void);

typedef enum {
  CV_CABINET_ERROR_LARGE,   /* larger than one may be */
  CV_CABINET_ERROR_QUOTA,   /* the meeting has too many bytes */
  CV_CABINET_ERROR_REFUSED, /* its kind is not taken, or something is wrong with it */
  CV_CABINET_ERROR_DISK,    /* the disk is full */
  CV_CABINET_ERROR_SECRET,  /* not the secret of this upload */
} CvCabinetError;

#define CV_CABINET_KEEP_PARTS_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define CV_CABINET_SWEEP_MS (3600 * 1000)
#define CV_CABINET_SECRET_BYTES 32

typedef struct {
  CvStore *store;
  CvClock *clock;
  const char *directory;      /* of all documents; need not be there yet */
  gint64 max_bytes;           /* of one */
  gint64 quota;               /* of a meeting's */
  gint64 spare_bytes;         /* of the disk that are not filled */
  const char *const *refused; /* ends of names that are not taken; NULL: none */
  const char *scan;           /* a program that looks at each; "": none does */
  guint scan_ms;              /* how long it may take */
  const char *key;            /* what secrets are made of */
} CvCabinetOptions;

#define CV_TYPE_CABINET (cv_cabinet_get_type ())
G_DECLARE_FINAL_TYPE (CvCabinet, cv_cabinet, CV, CABINET, GObject)

CvCabinet *cv_cabinet_new (const CvCabinetOptions *options);
/* As in the options. */
void cv_cabinet_set_spare_bytes (CvCabinet *self, gint64 bytes);
/* Takes up what the last run left. */
void cv_cabinet_start (CvCabinet *self);
/* Breaks off; what is under way is taken up at the next start. */
void cv_cabinet_stop (CvCabinet *self);

const char *cv_cabinet_get_directory (CvCabinet *self);
gint64 cv_cabinet_get_max_bytes (CvCabinet *self);
gint64 cv_cabinet_get_quota (CvCabinet *self);

/* Who has it may go on with this upload as another person or in another meeting of the room, also after a new start.
 * Returns: (transfer full), base64url. */
char *cv_cabinet_make_secret (CvCabinet *self, const char *document);

/* A new one of `row`, without id and status. Fails with CV_CABINET_ERROR or CV_STORE_ERROR. Returns: (transfer full). */
void cv_cabinet_begin_async (CvCabinet *self, const CvDocumentRow *row, GAsyncReadyCallback callback,
                             gpointer user_data);
/* Goes on with `document`: meeting, person and by_name are those of `row`; name and bytes must be the same. */
void cv_cabinet_resume_async (CvCabinet *self, const char *document, const char *secret, const CvDocumentRow *row,
                              GAsyncReadyCallback callback, gpointer user_data);
/* For both. Returns: (transfer full). */
CvDocumentRow *cv_cabinet_begin_finish (CvCabinet *self, GAsyncResult *result, GError **error);

/* All bytes have come: hashes it and has it looked at. Fails with REFUSED, DISK or of the store or G_IO_ERROR; it is then gone.
 * Returns: (transfer full), as it is now. */
void cv_cabinet_complete_async (CvCabinet *self, const CvDocumentRow *row, GAsyncReadyCallback callback,
                                gpointer user_data);
CvDocumentRow *cv_cabinet_complete_finish (CvCabinet *self, GAsyncResult *result, GError **error);

/* Deletes what `of` and `id` name: files, then rows. Fails where a file does not go: that one stays marked. */
void cv_cabinet_delete_async (CvCabinet *self, CvDocumentsOf of, const char *id, GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean cv_cabinet_delete_finish (CvCabinet *self, GAsyncResult *result, GError **error);

G_END_DECLS
