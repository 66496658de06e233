package org.interseal.simulation;

import java.lang.classfile.CodeTransform;

/** A change of the one method of that name in a class. */
record Weaving(PlantedBug bug, String type, String method, CodeTransform change) {
  @Override
  public String toString() {
    return "plant " + bug + " anew, in " + type + "." + method;
  }
}
