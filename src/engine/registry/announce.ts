export { type Announcer, SILENT_ANNOUNCER } from '../announcer.ts';
