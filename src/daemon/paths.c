/* See paths.h. */
#include "daemon/paths.h"

#include "cv-build.h"

static gboolean
runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  return program != NULL && g_str_has_prefix (program, CV_BUILD_DIR "/");
}

void
cv_paths_init (CvPaths *self)
{
  gboolean build_tree = runs_from_build_tree ();
  self->web = g_build_filename (build_tree ? CV_SOURCE_DATA_DIR : CV_DATA_DIR, "web", NULL);
  self->po = g_build_filename (build_tree ? CV_BUILD_DIR : CV_DATA_DIR, "po", NULL);
  self->media = g_build_filename (build_tree ? CV_BUILD_DIR "/src/media" : CV_LIBEXEC_DIR, "conclave-media", NULL);
  self->render = g_build_filename (build_tree ? CV_BUILD_DIR "/src/render" : CV_LIBEXEC_DIR, "conclave-render", NULL);
  self->sip = g_build_filename (build_tree ? CV_BUILD_DIR "/src/sip" : CV_LIBEXEC_DIR, "conclave-sip", NULL);
  self->prompts = g_build_filename (build_tree ? CV_BUILD_DIR "/data" : CV_DATA_DIR, "prompts", NULL);
}

void
cv_paths_clear (CvPaths *self)
{
  g_clear_pointer (&self->web, g_free);
  g_clear_pointer (&self->po, g_free);
  g_clear_pointer (&self->media, g_free);
  g_clear_pointer (&self->render, g_free);
  g_clear_pointer (&self->sip, g_free);
  g_clear_pointer (&self->prompts, g_free);
}
