/* A TURN server that lets in who has the right secret and relays nothing, in a thread of its own, over UDP and TCP. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CvRelay CvRelay;

/* `open`: it permits peers in private networks. */
CvRelay *cv_test_relay_new (const char *secret, gboolean open);
/* Stops it. */
void cv_test_relay_free (CvRelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRelay, cv_test_relay_free)

guint cv_test_relay_get_port (const CvRelay *self);
/* Allocations that were made and not let go of again. */
int cv_test_relay_count (const CvRelay *self);
/* What is relayed from: 10.0.0.1, else 192.0.2.7. */
void cv_test_relay_set_private (CvRelay *self);
/* Of the next requests over UDP so many get no answer. */
void cv_test_relay_ignore (CvRelay *self, int n);

G_END_DECLS
