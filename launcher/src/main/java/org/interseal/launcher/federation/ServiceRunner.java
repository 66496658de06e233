package org.interseal.launcher.federation;

import java.io.IOException;

/** Starts services, in this JVM or in one each. */
interface ServiceRunner {
  /** Returns once the service answers. */
  Running start(Service service) throws IOException, InterruptedException;
}
