/* Table `consent`: what people were told or said before they were recorded. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef enum {
  CV_ANSWER_NONE, /* not in the table */
  CV_ANSWER_ANNOUNCED,
  CV_ANSWER_AGREED,
  CV_ANSWER_REFUSED,
  CV_ANSWER_WITHDRAWN,
} CvAnswer;

/* "none", "announced", "agreed", "refused", "withdrawn", NULL. */
extern const char *const cv_answers[];

typedef struct {
  char *recording;
  char *person;
  char *name; /* at that time */
  CvAnswer answer;
  gint64 at; /* ms since 1970 */
} CvConsentRow;

CvConsentRow *cv_consent_row_new (const char *recording, const char *person, const char *name, CvAnswer answer,
                                  gint64 at);
void cv_consent_row_free (CvConsentRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvConsentRow, cv_consent_row_free)

/* All `rows` (of CvConsentRow, held until it is done) or none. The answer comes when they are on the disk. Fails with
 * CV_STORE_ERROR_MISSING where there is no such recording. */
void cv_consents_insert_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_consents_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a recording, in the order they were given; a person's last one counts. Returns: (transfer full) of CvConsentRow. */
void cv_consents_list_async (CvStore *store, const char *recording, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_consents_list_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
