/* Links and what the server gets to know of them: PROTOCOL.md §2. Any thread. */
#pragma once

#include "base/ids.h"

G_BEGIN_DECLS

#define CV_LINK_SECRET_BYTES 32

/* What a link is made of; secret. */
typedef struct {
  char room[CV_ID_LETTERS + 1];
  guint8 secret[CV_LINK_SECRET_BYTES];      /* S */
  guint8 host_secret[CV_LINK_SECRET_BYTES]; /* H */
} CvLink;

/* What is derived from them; the keys are secret, the verifiers are for the server. */
typedef struct {
  guint8 salt[CV_HASH_BYTES];
  guint8 join_key[CV_HASH_BYTES];
  guint8 host_key[CV_HASH_BYTES];
  guint8 join_verifier[CV_HASH_BYTES];
  guint8 host_verifier[CV_HASH_BYTES];
} CvLinkKeys;

/* A new room id with new secrets. */
void cv_link_init (CvLink *self);
void cv_link_derive (const CvLink *self, CvLinkKeys *keys);

/* `server`: https://HOST[:PORT]. Returns: (transfer full), to be freed with cv_link_free_url(). */
char *cv_link_join_url (const CvLink *self, const char *server);
char *cv_link_host_url (const CvLink *self, const char *server);

/* These overwrite what they free. */
void cv_link_free_url (char *url);
void cv_link_clear (CvLink *self);
void cv_link_keys_clear (CvLinkKeys *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvLink, cv_link_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvLinkKeys, cv_link_keys_clear)

G_END_DECLS
