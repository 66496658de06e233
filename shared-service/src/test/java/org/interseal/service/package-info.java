@NullMarked
package org.interseal.service;

import org.jspecify.annotations.NullMarked;
