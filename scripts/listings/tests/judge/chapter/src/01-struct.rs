pub struct ThreadPool;
