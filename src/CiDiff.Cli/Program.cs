Console.WriteLine("cidiff");
