/* Addresses that a browser can download one document from, for a short time: it sends no header with a link that is followed.
 *
 * Owns them all. Kept as hashes. Main thread. Knows no file.
 */
#pragma once

#include "base/clock.h"
#include "signalling/secret.h"

G_BEGIN_DECLS

#define CV_VOUCHER_MS 60000
/* at once; the oldest goes */
#define CV_VOUCHERS_MAX 10000

typedef struct _CvVouchers CvVouchers;

CvVouchers *cv_vouchers_new (CvClock *clock);
void cv_vouchers_free (CvVouchers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvVouchers, cv_vouchers_free)

/* Returns: (transfer full), what stands in the address. */
char *cv_vouchers_draw (CvVouchers *self, const char *document);
/* The document that it is good for; borrowed until the main loop goes on. NULL: none. */
const char *cv_vouchers_find (CvVouchers *self, const char *secret);

G_END_DECLS
