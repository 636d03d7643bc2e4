/* What conclavectl can do, one function a command. Main thread, blocking. */
#pragma once

#include "ctl/client.h"

G_BEGIN_DECLS

typedef struct {
  CvClient *client;
  const char *id;      /* argument, valid; NULL where the command takes none */
  const char *kind;    /* of room create */
  const char *title;   /* of room create */
  gboolean recording;  /* of room create: hosts may record */
  const char *consent; /* of room create: announce or require */
  int keep_days;       /* of room create; -1: as the server is configured */
  const char *name;    /* of token create, or NULL */
  gboolean publish;    /* the same; else to watch */
  int hours;           /* the same; 0: it does not expire */
  gboolean consents;   /* the same: who publishes with it agrees to be recorded */
  gboolean json;
} CvCommandArguments;

typedef struct {
  const char *words; /* "room create" */
  const char *id;    /* the prefix of one argument, an id: "" a room's, "t" a token's; NULL: there is none */
  gboolean takes_json;
  gboolean takes_title; /* --kind, --title, --recording, --consent and --keep-days */
  gboolean takes_use;   /* --publish or --watch, --hours, --name and --consents */
  const char *summary;
  /* Prints to stdout. FALSE with CV_CLIENT_ERROR. */
  gboolean (*run) (const CvCommandArguments *arguments, GError **error);
} CvCommand;

/* Ends with one whose `words` is NULL. */
extern const CvCommand cv_commands[];

G_END_DECLS
