/* Table `document`: files that people share in meetings, from the first byte on. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* of one meeting; those that were refused count as well */
#define CV_DOCUMENTS_MAX 500
/* not whole yet, of one person in one meeting */
#define CV_DOCUMENTS_MAX_UNFINISHED 16

typedef enum {
  CV_DOCUMENT_UPLOADING,
  CV_DOCUMENT_SCANNING, /* it is whole, and is looked at */
  CV_DOCUMENT_READY,
  CV_DOCUMENT_REFUSED, /* its file is gone */
  CV_DOCUMENT_DELETING,
} CvDocumentStatus;

/* "uploading" … "deleting". */
const char *cv_document_status_to_text (CvDocumentStatus status);

typedef struct {
  char *id;
  char *meeting;
  char *person;  /* who shares it */
  char *by_name; /* theirs */
  char *name;
  char *media_type; /* as they say */
  gint64 bytes;
  char *sha256; /* hex; "": not known yet */
  CvDocumentStatus status;
  gint64 created; /* ms since 1970 */
  /* of its meeting; only read */
  char *room;
  char *owner; /* of the room; NULL: nobody */
} CvDocumentRow;

CvDocumentRow *cv_document_row_copy (const CvDocumentRow *self);
void cv_document_row_free (CvDocumentRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDocumentRow, cv_document_row_free)

/* Begins one. Fails with FULL where the meeting's would then be more than `quota` bytes, LIMIT where there are too many, MISSING
 * where there is no such meeting. */
void cv_documents_insert_async (CvStore *store, const CvDocumentRow *row, gint64 quota, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cv_documents_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with MISSING. Returns: (transfer full). */
void cv_documents_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvDocumentRow *cv_documents_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* All of a meeting, oldest first. Returns: (transfer full) of CvDocumentRow. */
void cv_documents_list_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data);
/* Those that something is still to be done with: uploading, scanning, deleting. */
void cv_documents_list_unfinished_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_documents_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* `sha256` NULL: as it is. Fails with MISSING where it is being deleted or gone. */
void cv_documents_set_status_async (CvStore *store, const char *id, CvDocumentStatus status, const char *sha256,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_documents_set_status_finish (CvStore *store, GAsyncResult *result, GError **error);

/* What is still being uploaded goes on in another meeting of the same room, or by another person. Fails with MISSING where that
 * cannot be. */
void cv_documents_move_async (CvStore *store, const char *id, const char *meeting, const char *person,
                              const char *by_name, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_documents_move_finish (CvStore *store, GAsyncResult *result, GError **error);

typedef enum {
  CV_DOCUMENTS_OF_MEETING,
  CV_DOCUMENTS_OF_ROOM,
  CV_DOCUMENTS_UNFINISHED, /* of a meeting: those that are being uploaded */
  CV_DOCUMENTS_ONE,
} CvDocumentsOf;

/* Marks what is to be deleted: `id` of a meeting, a room or a document. Returns: (transfer full) of CvDocumentRow, all of
 * those that are marked now. */
void cv_documents_mark_async (CvStore *store, CvDocumentsOf of, const char *id, GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *cv_documents_mark_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Its files are gone: deletes the row of a marked one. */
void cv_documents_complete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_documents_complete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
