-- Two roles: one owns the tables and migrates, the other is the application's and owns nothing. So nobody who
-- comes by way of the application can drop a trigger, empty a table or change one.
-- Once, as a superuser, in the application's database; then passwords for both (psql: \password board_app).

CREATE ROLE board_owner LOGIN;
CREATE ROLE board_app LOGIN;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO board_owner;
GRANT USAGE ON SCHEMA public TO board_app;

-- What board_owner makes by `migrate`
ALTER DEFAULT PRIVILEGES FOR ROLE board_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO board_app;
ALTER DEFAULT PRIVILEGES FOR ROLE board_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO board_app;

-- What was there before: whoever owned it gives it up
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO board_owner', found.name);
    END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'append\_only\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO board_owner', found.name);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO board_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO board_app;
