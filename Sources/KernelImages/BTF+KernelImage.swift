public import BTFReasons

extension BTF {
  /// The most bytes that a file may become when it is decompressed: 1 GiB.
  ///
  /// Kernels have under 150 MB; one with all its debug information may have some hundreds.
  public static let longestUnpackedKernel = 1 << 30

  /// Opens what kernels and modules look like on disk: all that ``init(contentsOf:base:)`` opens, that compressed
  /// (`*.ko.xz`, `*.ko.zst`, `*.ko.gz`, `vmlinux.xz`), and kernel images (`vmlinuz`, `bzImage`, `Image`,
  /// `Image.gz`).
  ///
  /// What a file is, its first bytes tell, never its name. Of kernel images are read:
  ///
  /// - those of x86, whose header says where the compressed kernel is (protocol 2.08, in the kernel's
  ///   `Documentation/arch/x86/boot.rst`);
  /// - EFI images that decompress themselves, as arm64, RISC-V and LoongArch have them
  ///   (`drivers/firmware/efi/libstub/zboot-header.S`, 6.1);
  /// - all others, such as those of s390x and the uncompressed ones of arm64, by looking for the BTF itself,
  ///   and then for what looks compressed and has BTF in it.
  ///
  /// Kernels compressed by gzip, xz, zstd and lzma are read; for bzip2, lz4 and lzo an error names the method.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - base: As for ``init(contentsOf:base:)``.
  /// - Throws: ``BTFError`` for a file that cannot be read or decompressed, becomes longer than
  ///   ``longestUnpackedKernel``, or holds no BTF.
  public convenience init(kernelImage path: String, base: BTF? = nil) throws(BTFError) {
    try self.init(kernelImage: path, base: base, limit: Self.longestUnpackedKernel)
  }

  convenience init(kernelImage path: String, base: BTF? = nil, limit: Int) throws(BTFError) {
    var input = try InputFile.open(path)
    var unpacking = Unpacking(limit: limit)
    if FileForm(of: input.bytes) == .plain {
      try self.init(&input, base: base) { (section) throws(BTFError) in
        try unpacking.contents(of: section)
      }
    } else {
      let found = try unpacking.findBTF(in: input.readToEnd(), path)
      try self.init(bytes: found.bytes, base: base, file: found.label) { (section) throws(BTFError) in
        try unpacking.contents(of: section)
      }
    }
  }
}

extension DropReasons {
  /// The reasons of files: one kernel, and any of its modules, in any order, each in whatever form
  /// ``BTFReasons/BTF/init(kernelImage:base:)`` opens.
  ///
  /// - Throws: ``BTFError`` where there is not exactly one kernel among them, and as
  ///   ``BTFReasons/DropReasons/init(files:)``.
  public init(kernelImages files: [String]) throws(BTFError) {
    try self.init(files: files) { (path) throws(BTFError) in try BTF(kernelImage: path) }
  }
}
