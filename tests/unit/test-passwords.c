/* Passwords and what is kept of them. */
#include "signalling/passwords.h"

#include "base/ids.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  CvPasswords *passwords;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->passwords = cv_passwords_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_passwords_free (f->passwords);
  cv_test_settle ();
}

/* In hexadecimal. */
static char *
hash (Fixture *f, const char *password, guint8 salt)
{
  guint8 salts[CV_PASSWORD_SALT_BYTES], out[CV_PASSWORD_HASH_BYTES];
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  memset (salts, salt, sizeof salts);
  cv_passwords_hash_async (f->passwords, password, salts, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_passwords_hash_finish (result, out, &error));
  g_assert_no_error (error);
  return cv_hex_encode (out, sizeof out);
}

/* hashlib.scrypt (password, salt=b"s" * 16, n=2**15, r=8, p=3, maxmem=2**26, dklen=32) */
static void
test_hash (Fixture *f, gconstpointer data)
{
  g_autofree char *known = hash (f, "tea at fünf", 's'), *other = hash (f, "tea at funf", 's');
  g_autofree char *salted = hash (f, "tea at fünf", 't'), *empty = hash (f, "", 's');
  g_assert_cmpstr (known, ==, "491c6c752793f619faab53f44d787489c4e8c7c923a767c73cf6804c6e6d328d");
  g_assert_cmpstr (known, !=, other);
  g_assert_cmpstr (known, !=, salted);
  g_assert_cmpstr (known, !=, empty);
}

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint8 out[CV_PASSWORD_HASH_BYTES];
  g_autoptr (GError) error = NULL;
  guint *counts = user_data;
  counts[cv_passwords_hash_finish (result, out, &error) ? 0 : 1]++;
  if (error != NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* The loop goes on meanwhile, and not everybody is let wait. */
static void
test_many (Fixture *f, gconstpointer data)
{
  static const guint8 salt[CV_PASSWORD_SALT_BYTES] = { 0 };
  guint counts[2] = { 0 };
  cv_passwords_set_cost (f->passwords, 11);
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < 60; i++)
    cv_passwords_hash_async (f->passwords, "tea", salt, on_hashed, counts);
  cv_test_settle ();
  gint64 answered = g_get_monotonic_time () - start;
  guint refused = counts[1];
  while (counts[0] + counts[1] < 60)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (answered, <, g_get_monotonic_time () - start);
  g_assert_cmpuint (refused, >, 0);
  g_assert_cmpuint (counts[0], >=, 16);
  g_assert_cmpuint (counts[1], ==, refused);
}

/* The server ends while many wait. */
static void
test_end (Fixture *f, gconstpointer data)
{
  static const guint8 salt[CV_PASSWORD_SALT_BYTES] = { 0 };
  GAsyncResult *slots[10] = { NULL };
  guint failed = 0;
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    cv_passwords_hash_async (f->passwords, "tea", salt, cv_test_on_ready, &slots[i]);
  cv_passwords_free (f->passwords);
  f->passwords = cv_passwords_new ();
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    guint8 out[CV_PASSWORD_HASH_BYTES];
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slots[i]);
    failed += !cv_passwords_hash_finish (result, out, NULL);
  }
  g_assert_cmpuint (failed, >=, G_N_ELEMENTS (slots) - 4);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/passwords/hash", test_hash);
  ADD ("/passwords/many", test_many);
  ADD ("/passwords/end", test_end);
  return g_test_run ();
}
