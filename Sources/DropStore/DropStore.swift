enum DropStorePlaceholder {}
