/* The audit as a chain: each entry has the hash of the one before it and, with that, its own (docs/privacy.md says of what).
 *
 * For whoever has a connection: the store's worker, conclavectl. Owns nothing.
 */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_AUDIT_HASH_DIGITS 64

typedef struct {
  gint64 n, at; /* from 1 on; ms since 1970 */
  char *actor, *action, *object, *detail;
  char previous[CV_AUDIT_HASH_DIGITS + 1], hash[CV_AUDIT_HASH_DIGITS + 1];
} CvAuditEntry;

void cv_audit_entry_free (CvAuditEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAuditEntry, cv_audit_entry_free)

/* An entry (n 0: none) by its place and hash. */
typedef struct {
  gint64 n;
  char hash[CV_AUDIT_HASH_DIGITS + 1];
} CvAuditMark;

/* The last one, as of table `audit_head`. */
gboolean cv_audit_chain_get_head (sqlite3 *db, CvAuditMark *head, GError **error);

/* Puts an entry behind the last one; its members are the rows' own, ready to be stored. */
gboolean cv_audit_chain_append (sqlite3 *db, gint64 at, const char *actor, const char *action, const char *object,
                                const char *detail, GError **error);

/* A connection of its own to the database at `path`, used or not, that changes nothing and leaves nothing beside it. Returns:
 * (transfer full). */
sqlite3 *cv_audit_chain_open (const char *path, GError **error);

/* In their order, those at `since` (ms) and later; `of` not NULL: those that have this id. Returns: (transfer full) of
 * CvAuditEntry. */
GPtrArray *cv_audit_chain_read (sqlite3 *db, gint64 since, const char *of, GError **error);

/* Looks at all of it: whether each entry is what its hash says, follows the one before, and none is missing at the start
 * (but for what was pruned) or the end. `wanted`: the hash of an entry that must be there; or NULL. Fails with CORRUPT,
 * naming the entry; `count`: how many there are. */
gboolean cv_audit_chain_verify (sqlite3 *db, const char *wanted, gint64 *count, GError **error);

#define CV_AUDIT_PRUNE "audit.prune"
/* Takes away all before the first entry of `before` (ms) or later, but the last one, and says so in an entry of its own, which
 * names the last one that is gone; pseudonyms that no entry has go too. */
gboolean cv_audit_chain_prune (sqlite3 *db, gint64 before, gint64 now, GError **error);

/* What the database of another connection has beyond the last entry of this one, with its pseudonyms. Where that one does not go
 * on from it, nothing. Fails where that one is not what it was; then this one is to be rolled back. */
gboolean cv_audit_chain_take_over (sqlite3 *db, sqlite3 *other, GError **error);

G_END_DECLS
