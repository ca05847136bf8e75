export { type Announcement, type Announcer, SILENT_ANNOUNCER } from '../announcer.ts';
