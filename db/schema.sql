-- Written by `npm run generate` from db/migrations: read it, do not edit it.

