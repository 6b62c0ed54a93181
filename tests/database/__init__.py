"""The database under the tests: prepared once, copied for each worker, empty again after each test that really commits."""
