final class WriterLock {
  func release() {}
}
