/* What conclavectl can do, one function a command. Main thread, blocking. */
#pragma once

#include "ctl/client.h"

G_BEGIN_DECLS

typedef struct {
  CvClient *client;
  const char *id;    /* ROOM argument, valid; NULL where the command takes none */
  const char *kind;  /* of room create */
  const char *title; /* of room create */
  gboolean json;
} CvCommandArguments;

typedef struct {
  const char *words; /* "room create" */
  gboolean takes_id; /* one argument: a room's id */
  gboolean takes_json;
  gboolean takes_title; /* --kind and --title */
  const char *summary;
  /* Prints to stdout. FALSE with CV_CLIENT_ERROR. */
  gboolean (*run) (const CvCommandArguments *arguments, GError **error);
} CvCommand;

/* Ends with one whose `words` is NULL. */
extern const CvCommand cv_commands[];

G_END_DECLS
