/* See api-about.h. */
#include "signalling/api-about.h"

#include "base/json.h"
#include "cv-openapi.h"
#include "signalling/http.h"

void
cv_api_show_about (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_bool (builder, "anyone_may_create", self->anyone_may_create);
  json_builder_set_member_name (builder, "kinds");
  json_builder_begin_object (builder);
  for (const CvPolicy *const *policy = cv_policy_all (); *policy != NULL; policy++)
    cv_json_add_bool (builder, (*policy)->kind, cv_registry_is_available (self->registry, *policy));
  json_builder_end_object (builder);
  cv_json_add_bool (builder, "dial_in", cv_registry_get_numbers (self->registry) != NULL);
  cv_json_add_text (builder, "elsewhere", self->elsewhere != NULL ? cv_elsewhere_get_label (self->elsewhere) : NULL);
  json_builder_end_object (builder);
  cv_api_respond_builder (request->message, SOUP_STATUS_OK, builder);
}

void
cv_api_describe (const CvApiRequest *request)
{
  SoupServerMessage *message = request->message;
  g_autoptr (GBytes) page =
    g_resource_lookup_data (cv_openapi_get_resource (), "/conclave/openapi.json", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message), "application/json", NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), page);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

void
cv_api_show_branding (const CvApiRequest *request)
{
  cv_branding_respond (request->api->branding, request->message);
}

void
cv_api_send_logo (const CvApiRequest *request)
{
  if (!cv_branding_respond_logo (request->api->branding, request->message, request->rest))
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
}
