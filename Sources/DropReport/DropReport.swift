enum DropReportPlaceholder {}
