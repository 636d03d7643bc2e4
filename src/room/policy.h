/* What a kind of room is, and who may do what in it: one const table each. No other file asks for a room's kind by name; a lint test
 * sees to it. Any thread; nothing here changes.
 */
#pragma once

#include "model/schema.h"

G_BEGIN_DECLS

typedef enum {
  CV_TOPOLOGY_P2P, /* browser to browser, sealed from the server */
  CV_TOPOLOGY_SFU, /* through a media process of ours */
} CvTopology;

/* Each may do what those before it may. */
typedef enum {
  CV_ROLE_NOBODY,
  CV_ROLE_VIEWER, /* watches, and may be brought on stage */
  CV_ROLE_PERSON,
  CV_ROLE_COHOST, /* a host has asked to help */
  CV_ROLE_HOST,
} CvRole;

/* "viewer", "person", "cohost", "host". */
const char *cv_role_to_text (CvRole role);

typedef enum {
  CV_ACTION_STATE,
  CV_ACTION_RELAY, /* sealed records to another person */
  CV_ACTION_TURN,
  CV_ACTION_RECEIPT, /* of their seat, for after a restart */
  CV_ACTION_LEAVE,
  CV_ACTION_END,   /* end the meeting for all */
  CV_ACTION_OFFER, /* a connection to the media process */
  CV_ACTION_VIEW,  /* say what one shows, and how large */
  CV_ACTION_HAND,
  CV_ACTION_STAGE,    /* bring others on stage, and back */
  CV_ACTION_STOP,     /* turn off what others send */
  CV_ACTION_START,    /* turn on again what streams send */
  CV_ACTION_MUTE_ALL, /* the same for all microphones */
  CV_ACTION_SPOTLIGHT,
  CV_ACTION_ASK,
  CV_ACTION_VOTE,
  CV_ACTION_RESOLVE,     /* put a question away */
  CV_ACTION_WATCH_STATS, /* what everyone's connection does */
  CV_ACTION_RECORD,      /* where the room allows it */
  CV_ACTION_CONSENT,     /* to be recorded */
  CV_ACTION_LOBBY,       /* say whether newcomers have to knock */
  CV_ACTION_LOCK,        /* keep newcomers out */
  CV_ACTION_ADMIT,       /* see who knocks, let them in or send them away */
  CV_ACTION_REMOVE,
  CV_ACTION_ROLE,    /* hand over, appoint, dismiss */
  CV_ACTION_RENAME,  /* oneself */
  CV_ACTION_LOWER,   /* others' hands */
  CV_ACTION_REACT,   /* for a moment, with one of a few signs */
  CV_ACTION_REQUEST, /* ask somebody to turn something on */
  CV_ACTION_CHANGE,  /* what is shared; of each type more is asked, see below */
  CV_ACTION_POLL_VOTE,
  CV_ACTION_WHISPER, /* to one person only */
  /* No message asks for these. */
  CV_ACTION_PUBLISH,     /* be seen and heard: be on stage */
  CV_ACTION_SEE_VIEWERS, /* be told who only watches, not just how many */
  CV_ACTION_RENAME_OTHERS,
  CV_N_ACTIONS,
} CvAction;

/* To make some of a type of what is shared; to change one's own, and remove it; to change others'; to remove others'. */
typedef enum { CV_RIGHT_CREATE, CV_RIGHT_OWN, CV_RIGHT_ANY, CV_RIGHT_REMOVE, CV_N_RIGHTS } CvRight;
extern const char *const cv_rights[]; /* "create" … */

typedef struct {
  const char *kind; /* as in links, the API and the database */
  CvTopology topology;
  guint max_people;
  CvRole joins_as;          /* who comes without the host's key */
  gboolean names_on_server; /* FALSE: names travel sealed between the browsers */
  gboolean keeps_rows;      /* FALSE: of rooms and meetings nothing is written, and nobody is told */
  gboolean keeps_content;   /* what people share goes through the server, which tells late joiners */
  gboolean may_record;
  gboolean may_dial_in;
  gboolean has_summary;
  CvRole least[CV_N_ACTIONS];                   /* who may: this role and those above it; NOBODY: nobody */
  CvRole shares[CV_N_MODEL_TYPES][CV_N_RIGHTS]; /* the same */
} CvPolicy;

extern const CvPolicy cv_policy_standard;
extern const CvPolicy cv_policy_otr;
extern const CvPolicy cv_policy_boardroom;
extern const CvPolicy cv_policy_classroom;

gboolean cv_policy_may (const CvPolicy *self, CvRole role, CvAction action);
gboolean cv_policy_may_share (const CvPolicy *self, CvRole role, CvModelType type, CvRight right);
/* Is there anybody with this role in rooms of this kind? */
gboolean cv_policy_has (const CvPolicy *self, CvRole role);
/* NULL where there is no such kind. */
const CvPolicy *cv_policy_find (const char *kind);
const CvPolicy *const *cv_policy_all (void); /* ending in NULL */

G_END_DECLS
