/* See audit-keeper.h. prune_on_worker() runs on the store's thread. */
#include "store/audit-keeper.h"

#include "store/audit-chain.h"

#define CV_LOG_TOPIC "audit"
#include "base/log.h"

#define DAY_MS (24 * 3600 * 1000)

struct _CvAuditKeeper {
  CvStore *store;
  CvClock *clock;
  guint keep_days;
  guint timer;
};

typedef struct {
  gint64 before; /* ms since 1970; 0: nothing is pruned */
  gint64 now;
} Order;

static gpointer
prune_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Order *order = data;
  CvAuditMark head;

  if ((order->before > 0 && !cv_audit_chain_prune (db, order->before, order->now, error)) ||
      !cv_audit_chain_get_head (db, &head, error))
    return NULL;
  return g_memdup2 (&head, sizeof head);
}

static void
on_pruned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree CvAuditMark *head = cv_store_run_finish (CV_STORE (source), result, &error);

  if (head == NULL)
    cv_warning (NULL, NULL, "the audit was not looked after: %s", error->message);
  else if (head->n > 0)
    cv_info (NULL, NULL, "the last entry of the audit is %" G_GINT64_FORMAT ", %s", head->n, head->hash);
}

static void
look_after (gpointer user_data)
{
  CvAuditKeeper *self = user_data;
  Order *order = g_new0 (Order, 1);

  self->timer = cv_clock_after (self->clock, DAY_MS, look_after, self);
  order->now = cv_clock_wall (self->clock);
  if (self->keep_days > 0)
    order->before = order->now - self->keep_days * (gint64) DAY_MS;
  cv_store_run_async (self->store, prune_on_worker, order, g_free, g_free, NULL, on_pruned, NULL);
}

CvAuditKeeper *
cv_audit_keeper_new (CvStore *store, CvClock *clock, guint keep_days)
{
  CvAuditKeeper *self;

  g_return_val_if_fail (CV_IS_STORE (store) && CV_IS_CLOCK (clock), NULL);

  self = g_new (CvAuditKeeper, 1);
  *self = (CvAuditKeeper){ .store = store, .clock = clock, .keep_days = keep_days };
  look_after (self);
  return self;
}

void
cv_audit_keeper_set_keep_days (CvAuditKeeper *self, guint keep_days)
{
  g_return_if_fail (self != NULL);

  self->keep_days = keep_days;
}

void
cv_audit_keeper_free (CvAuditKeeper *self)
{
  cv_clock_cancel (self->clock, &self->timer);
  g_free (self);
}
