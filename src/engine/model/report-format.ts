/** What `git pp report` writes. */
export const REPORT_FORMATS = ['markdown', 'html', 'junit', 'sarif', 'github'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]
