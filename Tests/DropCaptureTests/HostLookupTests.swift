import Foundation
import Testing

@testable import DropCapture

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What people name is found on this host, by the numbers the kernel gives it.
@Suite struct HostLookupTests {
  @Test func `A namespace's file has the number that its link tells`() throws {
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
    #expect(NetworkNamespaces.inode(of: "/proc/self/ns/net") == UInt32(link.filter(\.isNumber)))
  }

  @Test(arguments: [
    "/proc/self/ns/mnt", "/proc/self/ns/pid", "/proc/self/exe", "/proc/self", "/dev/null", "/nonexistent", "",
    "/proc/self/ns/net\0",
  ])
  func `What is no network namespace is none`(path: String) {
    #expect(NetworkNamespaces.inode(of: path) == nil)
  }

  @Test func `A control group is found by its folder and by its path in the hierarchy`() throws {
    let groups = ControlGroups()
    guard let root = groups.root else { try Test.cancel("no control groups of version 2 are mounted") }
    let number = try #require(
      try FileManager.default.attributesOfItem(atPath: root)[.systemFileNumber] as? UInt64)
    #expect(groups.id(of: root) == number)
    #expect(groups.id(of: "/") == number)
    for path in try FileManager.default.subpathsOfDirectory(atPath: root).prefix(200)
    where FileManager.default.fileExists(atPath: "\(root)/\(path)/cgroup.controllers") {
      let number =
        try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")[.systemFileNumber] as? UInt64
      #expect(groups.id(of: path) == number)
      #expect(groups.id(of: "/\(path)") == number)
      #expect(groups.id(of: "\(root)/\(path)") == number)
    }
  }

  @Test(arguments: ["no/such/group", "/no/such/group", "/proc", "/sys/fs/cgroup/cpu", "cgroup.procs", "\0"])
  func `What is no control group has no number`(path: String) throws {
    // A folder of version 1 is one of version 2 where there is no version 1.
    #expect(ControlGroups().id(of: path) == nil)
  }

  @Test func `A user that does not exist is told`() {
    let error = #expect(throws: CaptureError.self) { try UnprivilegedUser(named: "no-such-user") }
    #expect(error?.code == .noSuchUser)
    #expect(error?.message.contains("no-such-user") == true)
  }

  @Test func `A user is the one that getent knows`() throws {
    guard geteuid() == 0 else { try Test.cancel("only root may become another user") }
    let user = try UnprivilegedUser(named: "nobody")
    guard let entry = unsafe getpwnam("nobody") else { try Test.cancel("there is no user nobody") }
    let (uid, gid) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    #expect(user.uid == uid && user.gid == gid)
  }

  @Test func `A process with threads does not become another user`() throws {
    guard geteuid() == 0 else { try Test.cancel("only root may become another user") }
    // The tests run on threads of their own.
    #expect(throws: CaptureError.self) { try UnprivilegedUser(named: "nobody").become() }
    #expect(geteuid() == 0)
  }
}
