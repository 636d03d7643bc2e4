/* What a kind of room is, and who may do what in it: one const table each.
 *
 * No other file asks for a room's kind by name; a lint test sees to it. Any thread; nothing here changes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_TOPOLOGY_P2P, /* browser to browser, sealed from the server */
  CV_TOPOLOGY_SFU, /* through a media process of ours */
} CvTopology;

/* Each may do what those before it may. */
typedef enum {
  CV_ROLE_NOBODY,
  CV_ROLE_PERSON,
  CV_ROLE_HOST,
} CvRole;

typedef enum {
  CV_ACTION_STATE,
  CV_ACTION_CHAT,
  CV_ACTION_RELAY, /* sealed records to another person */
  CV_ACTION_TURN,
  CV_ACTION_LEAVE,
  CV_ACTION_END, /* end the meeting for all */
  CV_N_ACTIONS,
} CvAction;

typedef struct {
  const char *kind; /* as in links, the API and the database */
  CvTopology topology;
  guint max_people;
  gboolean available;       /* its media plane is part of this build */
  gboolean names_on_server; /* FALSE: names travel sealed between the browsers */
  gboolean keeps_chat;      /* late joiners get the meeting's chat from the server */
  gboolean may_record;
  gboolean may_dial_in;
  gboolean has_summary;
  CvRole least[CV_N_ACTIONS]; /* who may: this role and those above it; NOBODY: nobody */
} CvPolicy;

extern const CvPolicy cv_policy_standard;
extern const CvPolicy cv_policy_otr;
extern const CvPolicy cv_policy_boardroom;
extern const CvPolicy cv_policy_classroom;

gboolean cv_policy_may (const CvPolicy *self, CvRole role, CvAction action);

/* NULL where there is no such kind. */
const CvPolicy *cv_policy_find (const char *kind);
/* All of them, ending in NULL. */
const CvPolicy *const *cv_policy_all (void);

G_END_DECLS
