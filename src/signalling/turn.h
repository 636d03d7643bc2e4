/* TURN credentials for clients, as coturn's `use-auth-secret` checks them (draft-uberti-behave-turn-rest-00): the user is
 * the time it ends and the person, the password HMAC-SHA-1 over it. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char **urls;
  char *username; /* NULL where the servers want none */
  char *credential;
  gboolean relay_only;
  gint64 expires; /* ms since 1970; 0: never */
} CvIce;

void cv_ice_clear (CvIce *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvIce, cv_ice_clear)

typedef struct {
  char **servers;     /* turn: and turns: URLs; `%h` becomes the host the client asked for */
  const char *secret; /* shared with the TURN servers, or NULL */
  guint lifetime;     /* seconds, ≤ 3600 */
  gboolean relay_only;
} CvTurn;

/* Fills `ice` for the person with this id. `host`: of the client's request, without port, IPv6 in brackets. `now`: ms
 * since 1970. */
void cv_turn_credentials (const CvTurn *self, const char *host, const char *person, gint64 now, CvIce *ice);

G_END_DECLS
