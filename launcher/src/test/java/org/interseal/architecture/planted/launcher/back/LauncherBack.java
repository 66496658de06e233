package org.interseal.architecture.planted.launcher.back;

import org.interseal.architecture.planted.launcher.there.LauncherThere;

/** The other half of a cycle. */
public final class LauncherBack {
  static final Class<?> OTHER = LauncherThere.class;
}
