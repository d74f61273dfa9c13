/** The migrated database that every test file's own database is cloned from. */
export const template = 'template_parley'
