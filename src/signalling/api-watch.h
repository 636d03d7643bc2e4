/* For programs that watch over the server: whether it lives, whether it is ready, and its numbers. Main thread. */
#pragma once

#include "signalling/api-request.h"

G_BEGIN_DECLS

/* ms within which the database must answer who asks whether we are ready */
#define CV_API_READY_MS 2000

/* Where the text for Prometheus comes from: somebody who knows all parts of the server. */
typedef struct {
  void (*collect_async) (gpointer user_data, GAsyncReadyCallback callback, gpointer data);
  /* Returns: (transfer full). `source`: what the callback was given. */
  char *(*collect_finish) (gpointer source, GAsyncResult *result);
  gpointer user_data;
} CvMetricsSource;

void cv_api_show_health (const CvApiRequest *request);
void cv_api_show_live (const CvApiRequest *request);
void cv_api_show_ready (const CvApiRequest *request);
void cv_api_show_metrics (const CvApiRequest *request);

G_END_DECLS
