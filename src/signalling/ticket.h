/* Tickets: how somebody else's program lets one person into one room, once, within minutes (PROTOCOL.md §3.4). A JWT, signed with
 * HS256 and nothing else.
 *
 * Owns the key. Main thread. Knows no room and no database: who takes a ticket notes that it was used. Fuzzed.
 */
#pragma once

#include "base/ids.h"
#include "room/policy.h"

G_BEGIN_DECLS

#define CV_TICKET_MAX_BYTES 2048
#define CV_TICKET_MAX_SECONDS 600
#define CV_TICKET_MAX_SUB 120
/* of the key, in bytes: as many as the hash has */
#define CV_TICKET_MIN_KEY 32

typedef struct {
  char *room;
  CvRole role;
  char *name; /* NULL: whoever comes says it */
  char *sub;  /* who it is for whoever made the ticket; NULL: nobody in particular */
  char *jti;
  gint64 issued; /* s since 1970 */
  gint64 expires;
} CvTicket;

void cv_ticket_free (CvTicket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTicket, cv_ticket_free)
/* What stands for it among those that were used. */
void cv_ticket_get_hash (const CvTicket *self, guint8 hash[CV_HASH_BYTES]);

/* "viewer", "person", "cohost", "host", NULL: what tickets may make of somebody; the CvRole of one of them. */
extern const char *const cv_ticket_roles[];
CvRole cv_ticket_get_role (guint choice);

typedef struct _CvTickets CvTickets;
/* `key` has CV_TICKET_MIN_KEY bytes or more. */
CvTickets *cv_tickets_new (const char *key);
void cv_tickets_free (CvTickets *self);
/* Another one: what was signed with the one before is refused. */
void cv_tickets_set_key (CvTickets *self, const char *key);
/* Whom tickets have to be for: the host of `url`. Until then all are refused. */
void cv_tickets_set_url (CvTickets *self, const char *url);

/* A new one. `name` and `sub` may be NULL; `now` and `expires`: s since 1970. Returns: (transfer full). */
char *cv_tickets_issue (CvTickets *self, const char *room, guint role, const char *name, const char *sub, gint64 now,
                        gint64 expires);
/* NULL where it is not one of ours, not for this server, or not now. Whether it was used before is not known here.
 * Returns: (transfer full). */
CvTicket *cv_tickets_read (CvTickets *self, const char *text, gint64 now);

G_END_DECLS
