/* See api-watch.h. */
#include "signalling/api-watch.h"

#include "base/exposition.h"
#include "signalling/api.h"
#include "signalling/http.h"
#include "store/pulse.h"

#include <string.h>

static void
respond (SoupServerMessage *message, gboolean ok)
{
  cv_http_respond_json (message, ok ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
                        g_strdup (ok ? "{\"status\":\"ok\"}" : "{\"status\":\"failing\"}"));
}

/* That an answer came means that loop and database work. */
static void
answer_health (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  respond (pending->message, cv_pulse_take_finish (source, result, NULL));
}

/* And the next meeting would have its media at once. */
static void
answer_ready (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  gboolean answers = cv_pulse_take_finish (source, result, NULL);
  respond (pending->message, answers && !cv_registry_is_closed (pending->api->registry) &&
                               cv_registry_has_media_reserve (pending->api->registry));
}

static void
take_pulse (const CvApiRequest *request, CvApiAnswerFunc answer)
{
  cv_pulse_take_async (request->api->store, request->api->clock, CV_API_READY_MS, NULL, cv_api_answer,
                       cv_api_pause (request, answer));
}

void
cv_api_show_health (const CvApiRequest *request)
{
  take_pulse (request, answer_health);
}

void
cv_api_show_live (const CvApiRequest *request)
{
  respond (request->message, TRUE);
}

void
cv_api_show_ready (const CvApiRequest *request)
{
  take_pulse (request, answer_ready);
}

static void
answer_metrics (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  char *text = pending->api->metrics->collect_finish (source, result);
  soup_server_message_set_status (pending->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (pending->message, CV_EXPOSITION_TYPE, SOUP_MEMORY_TAKE, text, strlen (text));
}

void
cv_api_show_metrics (const CvApiRequest *request)
{
  const CvMetricsSource *metrics = request->api->metrics;
  if (metrics == NULL)
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
  else
    metrics->collect_async (metrics->user_data, cv_api_answer, cv_api_pause (request, answer_metrics));
}
