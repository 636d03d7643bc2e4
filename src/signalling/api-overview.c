/* See api-overview.h. */
#include "signalling/api-overview.h"

#include "signalling/api.h"
#include "signalling/http.h"
#include "signalling/query.h"

void
cv_api_show_overview (const CvApiRequest *request)
{
  const CvOverviewSource *overview = request->api->overview;
  g_auto (CvQuery) reader = { 0 };
  cv_query_init (&reader, request->message);
  guint after = cv_query_number (&reader, "after", G_MAXUINT, 0);
  if (!cv_query_finish (&reader))
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
  else if (overview == NULL)
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
  else
    cv_http_respond_json (request->message, SOUP_STATUS_OK, overview->show (overview->user_data, after));
}
