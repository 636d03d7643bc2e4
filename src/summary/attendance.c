/* See attendance.h. */
#include "summary/attendance.h"

#include "summary/shared-row.h"

#define MAX_NAME 60

typedef struct {
  char *key; /* whose seats belong together: an account, else a name */
  char *name, *role, *device;
  gint64 joined, left;
} Seat;

static void
seat_free (gpointer data)
{
  Seat *self = data;

  g_free (self->key);
  g_free (self->name);
  g_free (self->role);
  g_free (self->device);
  g_free (self);
}

static gpointer
read_seat (sqlite3_stmt *statement)
{
  g_autofree char *name = cv_store_read_text (statement, 0);
  g_autofree char *account = cv_store_read_text (statement, 3);
  Seat *seat = g_new0 (Seat, 1);

  seat->name = cv_shared_clean (name, MAX_NAME, FALSE);
  seat->role = cv_store_read_text (statement, 1);
  seat->device = cv_store_read_text (statement, 2);
  /* devices apart: who phones in beside their browser was there twice */
  seat->key = g_strconcat (seat->device, *account != '\0' ? "=" : ":", *account != '\0' ? account : seat->name, NULL);
  seat->joined = sqlite3_column_int64 (statement, 4);
  seat->left = sqlite3_column_type (statement, 5) == SQLITE_NULL ? -1 : sqlite3_column_int64 (statement, 5);
  return seat;
}

static int
rank (const char *role)
{
  static const char *const roles[] = { "viewer", "person", "cohost", "host" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (role, roles[i]) == 0)
      return (int) i;
  return -1;
}

/* Seats come in the order in which they were taken, so that what overlaps what was counted lies at its end. */
static void
merge (CvSummaryAttendee *attendee, const Seat *seat, gint64 ended)
{
  gint64 left = CLAMP (seat->left < 0 ? ended : seat->left, seat->joined, MAX (seat->joined, ended));

  attendee->present += MAX (0, left - MAX (seat->joined, attendee->left));
  attendee->left = MAX (attendee->left, left);
  if (rank (seat->role) > rank (attendee->role)) {
    g_free (attendee->role);
    attendee->role = g_strdup (seat->role);
  }
  /* the name they had last */
  g_free (attendee->name);
  attendee->name = g_strdup (seat->name);
}

/* Hosts first, then as they came. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const CvSummaryAttendee *one = *(const CvSummaryAttendee *const *) a, *other = *(const CvSummaryAttendee *const *) b;

  if (rank (one->role) != rank (other->role))
    return rank (other->role) - rank (one->role);
  return one->joined != other->joined ? (one->joined < other->joined ? -1 : 1) : g_strcmp0 (one->name, other->name);
}

gboolean
cv_attendance_collect (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error,
    "SELECT name, role, device, account, joined, \"left\" FROM attendance WHERE meeting = ? ORDER BY joined, person",
    "s", record->meeting);
  g_autoptr (GPtrArray) seats = cv_store_read_all (statement, read_seat, seat_free, error);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; seats != NULL && i < seats->len; i++) {
    const Seat *seat = g_ptr_array_index (seats, i);
    CvSummaryAttendee *attendee = g_hash_table_lookup (known, seat->key);

    if (attendee == NULL) {
      attendee = cv_summary_add_attendee (summary);
      attendee->role = g_strdup (seat->role);
      attendee->device = g_strdup (seat->device);
      attendee->joined = seat->joined;
      g_hash_table_insert (known, seat->key, attendee);
    }
    merge (attendee, seat, record->ended);
  }
  g_ptr_array_sort (summary->attendance, compare);
  return seats != NULL;
}
