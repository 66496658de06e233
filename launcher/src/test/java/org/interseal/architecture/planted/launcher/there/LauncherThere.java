package org.interseal.architecture.planted.launcher.there;

import org.interseal.architecture.planted.launcher.back.LauncherBack;

/** One half of a cycle. */
public final class LauncherThere {
  static final Class<?> OTHER = LauncherBack.class;
}
