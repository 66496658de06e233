package org.interseal.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Loads production classes a second time, with every {@link PlantedBug} woven in behind its switch.
 * Production code itself knows nothing of them.
 */
final class BugWeaver extends ClassLoader {
  private static final String OURS = "org.interseal.";

  private final List<Weaving> weavings;

  private BugWeaver(ClassLoader parent, List<Weaving> weavings) {
    super(parent);
    this.weavings = List.copyOf(weavings);
  }

  /**
   * Weaves, and looks whether all that is woven in is there: what does not link would fail as it
   * runs, and pass for a bug that was found.
   *
   * @throws IllegalStateException when a bug has to be planted anew
   */
  static ClassLoader over(ClassLoader parent, List<Weaving> weavings) {
    BugWeaver weaver = new BugWeaver(parent, weavings);
    weavings.forEach(weaver::requireLinks);
    return weaver;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && name.startsWith(OURS)) {
        loaded = define(name);
      }
      return loaded == null ? super.loadClass(name, resolve) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = woven(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] plain(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] woven(String name) throws ClassNotFoundException {
    byte[] result = plain(name);
    for (Weaving weaving : weavings) {
      if (weaving.type().equals(name)) {
        ClassFile files = files();
        ClassModel before = files.parse(result);
        MethodModel _ = meant(before, weaving);
        result =
            files.transformClass(
                before,
                ClassTransform.transformingMethodBodies(
                    method -> method.methodName().equalsString(weaving.method()),
                    weaving.change()));
      }
    }
    return result;
  }

  private ClassFile files() {
    return ClassFile.of(
        ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing(getParent())
                .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static MethodModel meant(ClassModel type, Weaving weaving) {
    List<MethodModel> found =
        type.methods().stream()
            .filter(method -> method.methodName().equalsString(weaving.method()))
            .toList();
    if (found.size() != 1) {
      throw new IllegalStateException(weaving + ": there are " + found.size() + " such methods");
    }
    return found.getFirst();
  }

  private void requireLinks(Weaving weaving) {
    try {
      Class<?> type = loadClass(weaving.type(), false);
      ClassFile files = files();
      ClassModel woven = files.parse(woven(weaving.type()));
      if (!files.verify(woven).isEmpty()) {
        throw new IllegalStateException(weaving + ": " + files.verify(woven));
      }
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      boolean asked = false;
      for (CodeElement element : meant(woven, weaving).code().orElseThrow()) {
        switch (element) {
          case InvokeInstruction call -> {
            asked |= call.name().equalsString("isPlanted");
            link(lookup, call);
          }
          case FieldInstruction field -> link(lookup, field);
          default -> {
            // Names nothing that could be gone.
          }
        }
      }
      if (!asked) {
        throw new IllegalStateException(weaving + ": what it replaces is not called");
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(weaving + ": " + e, e);
    }
  }

  private Class<?> owner(String internalName) throws ClassNotFoundException {
    return Class.forName(internalName.replace('/', '.'), false, this);
  }

  /** As the virtual machine will, rights of access included. */
  private void link(MethodHandles.Lookup lookup, InvokeInstruction call)
      throws ReflectiveOperationException {
    String owner = call.owner().asInternalName();
    if (!owner.startsWith(OURS.replace('.', '/'))) {
      return;
    }
    Class<?> type = owner(owner);
    String name = call.name().stringValue();
    MethodType wanted =
        MethodType.fromMethodDescriptorString(call.typeSymbol().descriptorString(), this);
    var _ =
        switch (call.opcode()) {
          case INVOKESTATIC -> lookup.findStatic(type, name, wanted);
          case INVOKESPECIAL ->
              name.equals("<init>")
                  ? lookup.findConstructor(type, wanted)
                  : lookup.findSpecial(type, name, wanted, lookup.lookupClass());
          default -> lookup.findVirtual(type, name, wanted);
        };
  }

  private void link(MethodHandles.Lookup lookup, FieldInstruction field)
      throws ReflectiveOperationException {
    String owner = field.owner().asInternalName();
    if (!owner.startsWith(OURS.replace('.', '/'))) {
      return;
    }
    Class<?> type = owner(owner);
    String name = field.name().stringValue();
    Class<?> wanted =
        MethodType.fromMethodDescriptorString(
                MethodTypeDesc.of(field.typeSymbol()).descriptorString(), this)
            .returnType();
    var _ =
        switch (field.opcode()) {
          case GETSTATIC -> lookup.findStaticGetter(type, name, wanted);
          case PUTSTATIC -> lookup.findStaticSetter(type, name, wanted);
          case PUTFIELD -> lookup.findSetter(type, name, wanted);
          default -> lookup.findGetter(type, name, wanted);
        };
  }
}
