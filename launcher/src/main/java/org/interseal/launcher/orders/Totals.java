package org.interseal.launcher.orders;

import java.io.IOException;
import java.util.Map;

/** Customers' money plus money in flight, over all banks. */
@FunctionalInterface
interface Totals {
  /** By currency, in minor units. */
  Map<String, Long> now() throws IOException, InterruptedException;
}
