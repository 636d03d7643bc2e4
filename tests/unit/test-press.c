/* Printing on threads: each form, a few at once, and what cannot be printed. */
#include "summary/press.h"

#include "base/json.h"
#include "lib/staged.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  CvPress *press;
  char *body;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (CvWords) words = cv_words_new (".", "en", utc);
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  f->body = cv_json_to_text (node, NULL);
  f->press = cv_press_new (words);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->press, cv_press_free);
  g_free (f->body);
}

static void
begin (Fixture *f, const char *body, CvFormat format, GAsyncResult **slot)
{
  const CvPrint print = { .body = body,
                          .issue = 2,
                          .made = 5,
                          .server = "https://a.example",
                          .address = "https://a.example/summary/m#s",
                          .format = format };
  cv_press_print_async (f->press, &print, cv_test_on_ready, slot);
}

static GBytes *
finish (GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  return cv_press_print_finish (result, error);
}

static void
test_formats (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name, *type, *start;
  } forms[] = {
    [CV_FORMAT_JSON] = { "json", "application/json", "{\"meeting\":\"" CV_TEST_STAGED_MEETING "\"" },
    [CV_FORMAT_HTML] = { "html", "text/html; charset=utf-8", "<!doctype html>" },
    [CV_FORMAT_PDF] = { "pdf", "application/pdf", "%PDF-" },
    [CV_FORMAT_MARKDOWN] = { "md", "text/markdown; charset=utf-8", "# Product council" },
    [CV_FORMAT_CAPTIONS] = { "vtt", "text/vtt; charset=utf-8", "WEBVTT\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    GAsyncResult *slot = NULL;
    begin (f, f->body, (CvFormat) i, &slot);
    g_autoptr (GBytes) bytes = finish (&slot, NULL);
    g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_assert_cmpstr (cv_formats[i], ==, forms[i].name);
    g_assert_cmpstr (cv_format_get_media_type ((CvFormat) i), ==, forms[i].type);
    if (g_ascii_strncasecmp (text, forms[i].start, strlen (forms[i].start)) != 0)
      g_error ("%s: %.80s", forms[i].name, text);
  }
  g_assert_null (cv_formats[G_N_ELEMENTS (forms)]);
  g_assert_cmpstr (cv_words_get_language (cv_press_get_words (f->press)), ==, "en");
}

/* One too many is told so at once; those before it are printed, also when the press is gone. */
static void
test_busy (Fixture *f, gconstpointer data)
{
  GAsyncResult *slots[CV_PRESS_MAX + 1] = { NULL };
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i <= CV_PRESS_MAX; i++)
    begin (f, f->body, CV_FORMAT_PDF, &slots[i]);
  g_assert_null (finish (&slots[CV_PRESS_MAX], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_autoptr (GBytes) first = finish (&slots[0], NULL);
  g_assert_nonnull (first);
  begin (f, f->body, CV_FORMAT_MARKDOWN, &slots[0]);
  g_clear_pointer (&f->press, cv_press_free);
  for (guint i = 0; i < CV_PRESS_MAX; i++) {
    g_autoptr (GBytes) bytes = finish (&slots[i], NULL);
    g_assert_nonnull (bytes);
  }
}

/* Of what is printed from then on, and for no longer than it is set. */
static void
test_letterhead (Fixture *f, gconstpointer data)
{
  const CvLetterheadOptions options = { .name = "Example Meetings" };
  g_autoptr (CvLetterhead) letterhead = cv_letterhead_new (&options);
  for (guint i = 0; i < 3; i++) {
    GAsyncResult *slot = NULL;
    cv_press_set_letterhead (f->press, i == 1 ? letterhead : NULL);
    begin (f, f->body, CV_FORMAT_HTML, &slot);
    cv_press_set_letterhead (f->press, NULL); /* too late for this one */
    g_autoptr (GBytes) bytes = finish (&slot, NULL);
    g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_assert_true ((strstr (text, ">Example Meetings · ") != NULL) == (i == 1));
  }
}

static void
test_failed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  for (guint i = 0; i < CV_PRESS_MAX + 1; i++) { /* each lets its place go */
    begin (f, "{\"meeting\":1}", CV_FORMAT_HTML, &slot);
    g_assert_null (finish (&slot, &error));
    g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER);
    g_clear_error (&error);
    slot = NULL;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/press/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("formats", test_formats);
  CASE ("busy", test_busy);
  CASE ("letterhead", test_letterhead);
  CASE ("failed", test_failed);
  return g_test_run ();
}
